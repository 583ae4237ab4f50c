package org.waldur.siteagent.plan;

import java.util.List;
import java.util.function.Function;

/**
 * Changes that are all made by one command, because they differ in nothing but the account.
 *
 * @param first any of them, for what they have in common
 */
public record Batch<C extends MembershipChange>(C first, List<C> changes) {

    /** As few batches as the length of a command allows. @param same what has to be equal */
    public static <C extends MembershipChange> List<Batch<C>> of(List<C> changes, Function<C, ?> same) {
        return Portions.alike(changes, same).stream().map(part -> new Batch<>(part.get(0), part)).toList();
    }

    public List<String> accounts() {
        return changes.stream().map(MembershipChange::account).distinct().toList();
    }

    /** The batch as batches of one, to find the one that was refused. */
    public List<Batch<C>> alone() {
        return changes.stream().map(c -> new Batch<>(c, List.of(c))).toList();
    }

    /** What all of them concern, as the routes name it. */
    public String orders() {
        return Cycle.join(changes);
    }
}
