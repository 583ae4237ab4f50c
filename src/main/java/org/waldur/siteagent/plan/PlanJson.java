package org.waldur.siteagent.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** A plan for programs: all of every change, so that whoever has it knows what was to be done. Amounts and limits are texts, because many readers would round a number. */
public final class PlanJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What each change has, and is written under names of its own. */
    private static final Set<String> COMMON = Set.of("orders", "reason", "facts", "kind");

    private PlanJson() {
    }

    /** One object, with its changes in the order in which they are made. */
    public static ObjectNode of(Plan plan) {
        ObjectNode node = JSON.createObjectNode().put("mode", plan.mode()).put("offering", plan.offering()).put("checksum", plan.checksum());
        ArrayNode changes = node.putArray("changes");
        plan.changes().forEach(change -> change(changes.addObject(), change));
        return node;
    }

    private static void change(ObjectNode one, Change change) {
        one.put("kind", change.kind()).put("held", change.isHeld()).put("what", change.what()).put("reason", change.reason());
        change.facts().forEach(one.putArray("facts")::add);
        change.orders().forEach(one.putArray("concerns")::add);
        ObjectNode details = one.putObject("details");
        Arrays.stream(change.getClass().getRecordComponents()).filter(part -> !COMMON.contains(part.getName())).forEach(part -> put(details, part.getName(), value(change, part)));
    }

    private static Object value(Change change, RecordComponent part) {
        try {
            return part.getAccessor().invoke(change);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the parts of a record can be read", e);
        }
    }

    private static void put(ObjectNode details, String name, Object value) {
        if (value instanceof Collection<?> all) {
            ArrayNode list = details.putArray(name);
            all.forEach(each -> list.add(String.valueOf(each)));
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode object = details.putObject(name);
            new TreeMap<>(map).forEach((key, each) -> object.put(String.valueOf(key), String.valueOf(each)));
        } else if (value instanceof OptionalLong number) {
            details.put(name, number.isPresent() ? Long.toString(number.getAsLong()) : null);
        } else {
            details.put(name, value == null ? null : String.valueOf(value));
        }
    }
}
