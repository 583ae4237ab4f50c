package org.waldur.siteagent.route;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a variable or a body can be. @param types none: nothing is known of it yet @param any it can be anything at all */
record Kind(Set<Type> types, boolean any) {
    static final Kind ANY = new Kind(Set.of(), true);
    static final Kind NONE = new Kind(Set.of(), false);

    static Kind of(Type type) {
        Class<?> raw = raw(type);
        boolean ours = raw.getName().startsWith("org.waldur.") || Collection.class.isAssignableFrom(raw) || raw == String.class || raw.isPrimitive() || Number.class.isAssignableFrom(raw);
        return ours ? new Kind(Set.of(type), false) : raw == Optional.class ? of(argument(type)) : ANY;
    }

    Kind or(Kind other) {
        Set<Type> all = new LinkedHashSet<>(types);
        all.addAll(other.types);
        return any || other.any ? ANY : new Kind(all, false);
    }

    boolean isKnown() {
        return !any && !types.isEmpty();
    }

    /** What the elements of a list can be, one of which a split takes after the other. */
    Kind elements() {
        return types.stream().map(type -> Collection.class.isAssignableFrom(raw(type)) ? of(argument(type)) : raw(type) == String.class ? ANY : of(type))
                .reduce(any ? ANY : NONE, Kind::or);
    }

    /** What a part of it can be ({@code name}, {@code name(...)}); NONE if nothing that it can be has such a part. */
    Kind part(String name) {
        if (!isKnown()) {
            return this;
        }
        return types.stream().flatMap(type -> variants(raw(type))).flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> answers(method, name)).map(method -> of(method.getGenericReturnType())).reduce(NONE, Kind::or);
    }

    private static boolean answers(Method method, String name) {
        String capital = name.isEmpty() ? "" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return method.getReturnType() != void.class && Set.of(name, "get" + capital, "is" + capital).contains(method.getName());
    }

    /** The names of all parts, for an advice. */
    Set<String> parts() {
        return types.stream().flatMap(type -> variants(raw(type))).flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getDeclaringClass() != Object.class && method.getReturnType() != void.class)
                .map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether some of what it can be may be given where this type is wanted. What Camel converts by itself always may. */
    boolean fits(Type wanted) {
        Class<?> raw = raw(wanted);
        boolean ours = raw.getName().startsWith("org.waldur.") || Collection.class.isAssignableFrom(raw);
        return !isKnown() || !ours || types.stream().anyMatch(type -> fits(type, wanted));
    }

    private static boolean fits(Type given, Type wanted) {
        Class<?> a = raw(given);
        Class<?> b = raw(wanted);
        boolean same = b.isAssignableFrom(a) || a.isAssignableFrom(b);
        return same && (!Collection.class.isAssignableFrom(b) || !Collection.class.isAssignableFrom(a) || argument(given) == Object.class
                || argument(wanted) == Object.class || fits(argument(given), argument(wanted)));
    }

    String text() {
        return types.stream().map(type -> raw(type).getSimpleName() + (argument(type) == Object.class ? "" : " of " + raw(argument(type)).getSimpleName()))
                .distinct().collect(Collectors.joining(" or "));
    }

    /** A class, and what it may turn out to be. */
    private static Stream<Class<?>> variants(Class<?> type) {
        return Stream.concat(Stream.of(type), type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Kind::variants) : Stream.empty());
    }

    private static Class<?> raw(Type type) {
        return type instanceof Class<?> c ? c : type instanceof ParameterizedType p ? raw(p.getRawType())
                : type instanceof WildcardType w ? raw(w.getUpperBounds()[0]) : Object.class;
    }

    private static Type argument(Type type) {
        return type instanceof ParameterizedType p && p.getActualTypeArguments().length == 1 && !Map.class.isAssignableFrom(raw(type))
                ? p.getActualTypeArguments()[0] : type instanceof WildcardType w ? argument(w.getUpperBounds()[0]) : Object.class;
    }

    static Kind of(List<Method> methods) {
        return methods.stream().map(method -> of(method.getGenericReturnType())).reduce(NONE, Kind::or);
    }
}
