package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A key of the config as {@code keys.yaml} describes it, where the columns are explained. */
public final class Key {
    private static final String YES = "true";

    private final String name;
    private final Map<String, Located> columns;

    Key(String name, Located row) {
        this.name = name;
        this.columns = row.map();
    }

    public String name() {
        return name;
    }

    /** Empty for a key that is not used, and not looked at. */
    Optional<Kind> kind() {
        return column("kind").map(kind -> Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
    }

    /** Of the kind {@link Kind#CHOICE}, in lower case; empty for others. */
    List<String> choices() {
        return Optional.ofNullable(columns.get("choices")).map(Located::list).orElse(List.of()).stream().map(Located::text).toList();
    }

    /** The least number that is possible; 0 for whole numbers that say none. */
    Optional<BigDecimal> least() {
        return column("least").map(BigDecimal::new).or(() -> kind().filter(Kind.WHOLE::equals).map(whole -> BigDecimal.ZERO));
    }

    Optional<BigDecimal> above() {
        return column("above").map(BigDecimal::new);
    }

    Optional<BigDecimal> most() {
        return column("most").map(BigDecimal::new);
    }

    /** Whether a number is within the bounds, and whole if it has to be. */
    boolean allows(BigDecimal number) {
        boolean whole = kind().filter(Kind.WHOLE::equals).isPresent();
        return (!whole || number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
                && least().filter(least -> number.compareTo(least) < 0).isEmpty() && above().filter(above -> number.compareTo(above) <= 0).isEmpty()
                && most().filter(most -> number.compareTo(most) > 0).isEmpty();
    }

    /** Which numbers are possible, for people. */
    String bounds() {
        String number = kind().filter(Kind.WHOLE::equals).isPresent() ? "a whole number" : "a number";
        return most().isPresent() ? number + " from " + least().orElseThrow() + " to " + most().get() : above().isPresent() ? number + " above " + above().get()
                : number + " that is not negative";
    }

    /** The keys that the value has, if it is a map, or a list or map of maps. */
    Optional<Keys> keys() {
        return column("keys").map(Keys::named);
    }

    boolean isNeeded() {
        return column("needed").isPresent();
    }

    /** What holds without the key, as it would stand in the file; empty if it is needed, or if that is no plain value. */
    Optional<String> fallback() {
        return column("default");
    }

    /** What holds without the key, in Markdown; empty if it is needed, or the next key says it. */
    public String otherwise() {
        return fallback().map(value -> "`" + value + "`").or(() -> column("otherwise")).orElse("");
    }

    /** One line in Markdown, without a full stop. */
    public String meaning() {
        return column("meaning").orElse("");
    }

    /** The bounds as an end of the meaning, if not everybody would think of them; else empty. */
    public String range() {
        return column("most").isPresent() ? " (" + least().orElseThrow() + " to " + most().get() + ")" : "";
    }

    /** What stands after it in the example. */
    String example() {
        return column("example").orElse("");
    }

    /** The lines above it in the example. */
    List<String> comment() {
        return column("comment").orElseGet(() -> meaning().substring(0, 1).toUpperCase(Locale.ROOT) + meaning().substring(1) + ".").lines().toList();
    }

    boolean isActiveInExample() {
        return column("line").filter("active"::equals).isPresent();
    }

    boolean isInExample() {
        return column("line").filter("none"::equals).isEmpty();
    }

    boolean isApart() {
        return column("apart").filter(YES::equals).isPresent();
    }

    /** What follows from our not using it; empty for a key that we use. */
    public Optional<String> unused() {
        return column("unused");
    }

    /** What follows from our not using this value; empty if nothing does. */
    Optional<String> consequence(Located value) {
        return unused().filter(unused -> !value.isOff() && column("harmless").filter(value.text().strip()::equalsIgnoreCase).isEmpty());
    }

    private Optional<String> column(String column) {
        return Optional.ofNullable(columns.get(column)).map(Located::text);
    }
}
