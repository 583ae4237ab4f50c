package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a body as the framework beneath Waldur does, and refuses in its words. */
final class BodyReader {
    private static final int DIGITS = 20;
    private static final int DECIMALS = 2;
    private final Map<String, Object> body;
    private final Map<String, Object> errors = new LinkedHashMap<>();
    private final Map<String, List<BodyReader>> lists = new LinkedHashMap<>();

    BodyReader(Map<String, Object> body) {
        this.body = body;
    }

    /** What is wrong, field by field, as an answer says it; empty if nothing is. */
    Map<String, Object> errors() {
        Map<String, Object> all = new LinkedHashMap<>(errors);
        lists.forEach((name, items) -> {
            if (items.stream().anyMatch(item -> !item.errors().isEmpty())) {
                all.put(name, items.stream().map(BodyReader::errors).toList());
            }
        });
        return all;
    }

    void refuse(String name, String why) {
        errors.put(name, List.of(why));
    }

    boolean has(String name) {
        return body.containsKey(name);
    }

    Object raw(String name) {
        return body.get(name);
    }

    String text(String name, int most) {
        Object value = required(name);
        if (value == null) {
            return "";
        }
        String text = value instanceof String || value instanceof Number ? String.valueOf(value).strip() : null;
        if (text == null) {
            refuse(name, "Not a valid string.");
            return "";
        }
        if (text.isEmpty()) {
            refuse(name, "This field may not be blank.");
        } else if (text.length() > most) {
            refuse(name, "Ensure this field has no more than " + most + " characters.");
        }
        return text;
    }

    /** A text that may be missing, null or empty; null if it is missing or null. */
    String free(String name, int most) {
        Object value = body.get(name);
        if (value != null && !(value instanceof String || value instanceof Number)) {
            refuse(name, "Not a valid string.");
            return null;
        }
        String text = value == null ? null : String.valueOf(value).strip();
        if (text != null && text.length() > most) {
            refuse(name, "Ensure this field has no more than " + most + " characters.");
        }
        return text;
    }

    /** A link that may be missing, null or empty. */
    String url(String name) {
        String url = free(name, Integer.MAX_VALUE);
        if (url != null && !url.matches("|https?://[^\\s/]+\\S*")) {
            refuse(name, "Enter a valid URL.");
        }
        return url;
    }

    /** One of some words. */
    String choice(String name, List<String> choices) {
        Object value = required(name);
        if (value != null && !(value instanceof String text && choices.contains(text))) {
            refuse(name, "\"" + value + "\" is not a valid choice.");
        }
        return String.valueOf(value);
    }

    boolean flag(String name) {
        Object value = body.getOrDefault(name, false);
        if (!(value instanceof Boolean)) {
            refuse(name, "Must be a valid boolean.");
            return false;
        }
        return (Boolean) value;
    }

    /** An amount: at most 20 digits, two of them decimals. Numbers are read as well as texts. */
    BigDecimal amount(String name) {
        Object value = required(name);
        if (value == null) {
            return BigDecimal.ZERO;
        }
        try {
            BigDecimal amount = new BigDecimal(value instanceof Boolean ? "" : String.valueOf(value).strip());
            int decimals = Math.max(0, amount.scale());
            int whole = Math.max(0, amount.precision() - amount.scale());
            if (Math.max(whole + decimals, decimals) > DIGITS) {
                refuse(name, "Ensure that there are no more than 20 digits in total.");
            } else if (decimals > DECIMALS) {
                refuse(name, "Ensure that there are no more than 2 decimal places.");
            } else if (whole > DIGITS - DECIMALS) {
                refuse(name, "Ensure that there are no more than 18 digits before the decimal point.");
            } else {
                return amount.setScale(DECIMALS, RoundingMode.UNNECESSARY);
            }
        } catch (NumberFormatException e) {
            refuse(name, "A valid number is required.");
        }
        return BigDecimal.ZERO;
    }

    /** A moment; one without an offset is of the server's zone. */
    Optional<Instant> moment(String name, ZoneId zone) {
        String text = String.valueOf(body.getOrDefault(name, ""));
        if (!has(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.matches(".*T.*([Zz]|[+-]\\d\\d:?\\d\\d)") ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant());
        } catch (DateTimeException e) {
            refuse(name, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
            return Optional.empty();
        }
    }

    List<BodyReader> items(String name, boolean mayBeEmpty) {
        Object value = required(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            errors.put(name, Map.of("non_field_errors", List.of("Expected a list of items but got type \"" + value.getClass().getSimpleName() + "\".")));
            return List.of();
        }
        if (list.isEmpty() && !mayBeEmpty) {
            errors.put(name, Map.of("non_field_errors", List.of("This list may not be empty.")));
        }
        List<BodyReader> items = new ArrayList<>();
        list.forEach(item -> items.add(item(item)));
        lists.put(name, items);
        return items;
    }

    @SuppressWarnings("unchecked")
    private static BodyReader item(Object item) {
        if (item instanceof Map<?, ?>) {
            return new BodyReader((Map<String, Object>) item);
        }
        BodyReader broken = new BodyReader(Map.of());
        broken.refuse("non_field_errors", "Invalid data. Expected a dictionary, but got " + item + ".");
        return broken;
    }

    /** Null, and refused, if it is not there. */
    Object required(String name) {
        if (body.get(name) == null) {
            errors.putIfAbsent(name, List.of(has(name) ? "This field may not be null." : "This field is required."));
        }
        return body.get(name);
    }
}
