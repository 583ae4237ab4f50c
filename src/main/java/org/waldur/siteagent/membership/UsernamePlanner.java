package org.waldur.siteagent.membership;

import static org.waldur.siteagent.membership.OfferingUserChange.Action.ASK;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.BEGIN;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.BEGIN_DELETION;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.CONFIRM;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.END_DELETION;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.FAIL;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.LINK;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.NAME;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.VALIDATE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be changed of an offering user, by his state and what the site says of him. A pure function. Two rules of Waldur shape it:
 * a username that is new makes him OK, and the one that he has already does not, so that is confirmed instead; and a step is refused
 * from most states. Who is OK is never renamed, and a username is never taken away.
 */
final class UsernamePlanner {
    private UsernamePlanner() {
    }

    /** All changes, in their order; none if he is as he should be, or waits, see {@link #waits}. */
    static List<OfferingUserChange> steps(OfferingUser user, SiteAnswer answer) {
        List<OfferingUserChange> steps = new ArrayList<>();
        Optional<OfferingUserChange> next = next(user, answer);
        while (next.isPresent()) {
            steps.add(next.get());
            next = next(next.get().after(), answer);
        }
        return steps;
    }

    /** The first of them. */
    static Optional<OfferingUserChange> next(OfferingUser user, SiteAnswer answer) {
        if (answer instanceof SiteAnswer.Leaving || answer instanceof SiteAnswer.Gone) {
            return leaving(user, answer instanceof SiteAnswer.Gone);
        }
        if (!user.isNameless()) {
            return Optional.empty();
        }
        if (answer instanceof SiteAnswer.Named named) {
            return Optional.of(named(user, named.username()));
        }
        if (answer instanceof SiteAnswer.Linking linking) {
            return linking(user, linking);
        }
        boolean fails = answer instanceof SiteAnswer.Refused && Set.of(OfferingUser.REQUESTED, OfferingUser.CREATING).contains(user.state());
        return fails ? Optional.of(OfferingUserChange.of(user, FAIL, "no username can be given to him")) : Optional.empty();
    }

    private static Optional<OfferingUserChange> leaving(OfferingUser user, boolean gone) {
        return switch (user.state()) {
            case OfferingUser.DELETION, OfferingUser.ERROR_DELETING -> Optional.of(OfferingUserChange.of(user, BEGIN_DELETION, "his deletion is requested"));
            case OfferingUser.DELETING -> gone ? Optional.of(OfferingUserChange.of(user, END_DELETION, "he is in no account of this offering")) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static OfferingUserChange named(OfferingUser user, String name) {
        boolean has = name.equals(user.username());
        boolean begins = user.state().equals(OfferingUser.REQUESTED) || user.state().equals(OfferingUser.ERROR_CREATING);
        if (user.isPending() && (has || user.username().isEmpty())) {
            // it clears the comments that told him what to do; a name that follows makes nobody OK who has another one
            return OfferingUserChange.of(user, VALIDATE, "the site has a username for him");
        }
        if (has) {
            return OfferingUserChange.of(user, CONFIRM, "he has the username " + name + " already");
        }
        return begins ? OfferingUserChange.of(user, BEGIN, "the site has a username for him")
                : new OfferingUserChange(user, NAME, name, "", "", "the site calls him so");
    }

    private static Optional<OfferingUserChange> linking(OfferingUser user, SiteAnswer.Linking linking) {
        return switch (user.state()) {
            case OfferingUser.REQUESTED -> Optional.of(OfferingUserChange.of(user, BEGIN, "he has to link his account"));
            case OfferingUser.CREATING, OfferingUser.ERROR_CREATING -> Optional.of(new OfferingUserChange(user, LINK, "", linking.comment(), linking.url(),
                    "he has to link his account"));
            default -> Optional.empty();
        };
    }

    /** What is asked or begun for all of them, as far as it is known before the site is asked. */
    static List<OfferingUserChange> before(List<OfferingUser> users) {
        List<OfferingUserChange> changes = new ArrayList<>();
        users.stream().filter(OfferingUser::isNameless).forEach(user -> changes.add(OfferingUserChange.of(user, ASK, "he is " + state(user) + " and needs one")));
        users.stream().filter(OfferingUser::isLeaving).forEach(user -> changes.addAll(steps(user, new SiteAnswer.Leaving())));
        return changes;
    }

    /** Why nothing more is done for him in this cycle; empty if nothing needs to be. */
    static Optional<String> waits(OfferingUser user, SiteAnswer answer) {
        if (user.isLeaving()) {
            return Optional.of("he is still in an account of this offering");
        }
        if (!user.isNameless()) {
            return Optional.empty();
        }
        return Optional.of(answer instanceof SiteAnswer.Linking ? "he has to link his account" : answer instanceof SiteAnswer.Refused ? "no username can be given to him"
                : answer instanceof SiteAnswer.Unknown ? "who gives usernames could not be asked" : "the site has no username for him yet");
    }

    private static String state(OfferingUser user) {
        return user.state().isEmpty() ? "without a username" : user.state();
    }
}
