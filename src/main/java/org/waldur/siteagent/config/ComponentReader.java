package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.config.Component.AccountingType;

/** Reads {@code backend_components} of an offering. */
final class ComponentReader {
    private static final List<String> TEXTS = List.of("description", "article_code");
    private static final List<String> FLAGS = List.of("is_boolean", "is_prepaid");
    private static final List<String> NUMBERS = List.of("min_value", "max_value", "max_available_limit", "default_limit", "min_prepaid_duration",
            "max_prepaid_duration", "prepaid_duration_step", "min_renewal_duration", "max_renewal_duration", "renewal_duration_step");

    private final String type;
    private final Section component;

    private ComponentReader(String type, Section component) {
        this.type = type;
        this.component = component;
    }

    /** @param other another backend of the offering, whose keys may stand here, too */
    static Map<String, Component> read(Section offering, Optional<String> other) {
        Map<String, Component> components = new LinkedHashMap<>();
        Optional<Located> where = offering.get("backend_components");
        Map<String, Located> entries = where.map(Located::map).orElse(Map.of());
        if (where.filter(at -> !at.isMap() || !entries.isEmpty()).isEmpty()) {
            offering.wrong("backend_components", "there are no components", "backend_components: with an entry for each TRES, like cpu");
        }
        entries.forEach((type, at) -> {
            if (!Kind.COMPONENT_NAME.matcher(type).matches()) {
                at.wrong("'" + type + "' cannot be the type of a component", Kind.COMPONENT_NAME_RULE);
            }
            if (!at.isMap()) {
                at.wrong("the keys of a component belong here", "accounting_type, unit_factor ... under " + type);
                return;
            }
            components.put(type, new ComponentReader(type, new Section(at, Keys.COMPONENT, other)).read());
        });
        return components;
    }

    private Component read() {
        BigDecimal factor = component.number("unit_factor").orElseGet(() -> new BigDecimal(component.fallback("unit_factor")));
        component.missing("accounting_type", "usage or limit");
        return new Component(type, component.text("label").orElse(type), component.text("measured_unit").orElse(""), factor,
                component.choice("accounting_type", AccountingType.class, AccountingType.USAGE), component.number("limit"), targets(), extras());
    }

    private Map<String, BigDecimal> targets() {
        Map<String, BigDecimal> targets = new LinkedHashMap<>();
        component.get("target_components").map(Located::map).orElse(Map.of()).forEach((tres, at) -> {
            if (!Kind.COMPONENT_NAME.matcher(tres).matches()) {
                at.wrong("'" + tres + "' cannot be the name of a TRES", Kind.COMPONENT_NAME_RULE);
            }
            Located factor = at.isMap() ? at.map().get("factor") : at;
            Optional<BigDecimal> number = Optional.ofNullable(factor).flatMap(f -> Section.amount(f.text())).filter(f -> f.signum() > 0);
            if (number.isEmpty() || at.isMap() && at.map().size() > 1) {
                at.wrong("a factor above 0 belongs here, and nothing else", tres + ": {factor: 1}");
            }
            number.ifPresent(f -> targets.put(tres, f));
        });
        return targets;
    }

    /** What {@code load-components} sends to Waldur as it is. */
    private Map<String, Object> extras() {
        Map<String, Object> extras = new LinkedHashMap<>();
        TEXTS.forEach(key -> component.text(key).ifPresent(text -> extras.put(key, text)));
        FLAGS.forEach(key -> component.text(key).ifPresent(text -> extras.put(key, component.flag(key, false))));
        NUMBERS.forEach(key -> component.wholeIfAny(key).ifPresent(number -> extras.put(key, number)));
        component.choice("limit_period").ifPresent(period -> extras.put("limit_period", period.toLowerCase(Locale.ROOT)));
        return extras;
    }
}
