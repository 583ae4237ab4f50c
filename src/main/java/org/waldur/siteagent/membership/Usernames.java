package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.Stopping;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.GivenUp;
import org.waldur.siteagent.waldur.Refusal;

/** The life cycle of offering users, where Waldur asks the provider for their usernames. Bean {@code usernames} of the routes. */
public final class Usernames {
    private static final Logger LOG = LoggerFactory.getLogger("usernames");
    private static final String HOOK = "direct://name-offering-user";
    private static final String CONCERN = "offering user ";
    private static final String LATER = "-";
    private static final int REMEMBERED = 10_000;

    private final DeadLetters deadLetters;
    private final boolean served;
    private final Consumer<String> out;
    private final Refusal refusal = new Refusal();
    /** Who waits, and why, is said once in the life of a process. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /**
     * @param served false: this run carries out a plan that was reviewed, or a part of one, and nothing else
     * @param out    where a dry run says what would be done
     */
    public Usernames(DeadLetters deadLetters, boolean served, Consumer<String> out) {
        this.deadLetters = deadLetters;
        this.served = served;
        this.out = out;
    }

    /** Whether Waldur asks the provider of these allocations for usernames, and this run is to give them. */
    public boolean areOurs(List<Allocation> allocations) {
        return served && allocations.stream().anyMatch(a -> a.options().path("username_generation_policy").asText("").equals("service_provider"));
    }

    /** Whether somebody gives names: the route {@code name-offering-user} does more than to log. */
    public boolean isAnyoneAsked(CamelContext context) {
        Optional<Route> hook = context.getRoutes().stream().filter(route -> route.getEndpoint().getEndpointUri().equals(HOOK)).findFirst();
        Optional<RouteDefinition> route = hook.map(found -> ((ModelCamelContext) context).getRouteDefinition(found.getRouteId()));
        // what a routeConfiguration says stands among the steps, too
        return route.isPresent() && route.get().getOutputs().stream().anyMatch(step -> !step.isAbstract() && !(step instanceof LogDefinition));
    }

    /** Whether the next one may be begun. */
    public boolean goesOn(CamelContext context) {
        return !context.isStopping();
    }

    /**
     * Letters about those who need nothing any more are of the past.
     *
     * @param seconds how long users may be served, one after the other; the rest comes in the next cycle
     */
    public Naming begin(Offering offering, List<JsonNode> offeringUsers, int seconds) {
        List<OfferingUser> users = OfferingUser.of(offeringUsers);
        Set<String> needy = users.stream().filter(user -> user.isNameless() || user.isLeaving()).map(OfferingUser::concern).collect(Collectors.toSet());
        deadLetters.settleAll(deadLetters.all().stream().filter(letter -> offering.name().equals(letter.offering())).map(DeadLetter::orders)
                .filter(orders -> orders.startsWith(CONCERN) && !needy.contains(orders)).collect(Collectors.toSet()));
        return new Naming(users, Duration.ofSeconds(seconds));
    }

    /** Who needs a name or leaves, but for those who failed a short while ago. */
    public List<OfferingUser> due(Naming naming) {
        return due(naming, user -> user.isNameless() || user.isLeaving());
    }

    /** Those who leave, but for those who failed a short while ago. */
    public List<OfferingUser> leaving(Naming naming) {
        return due(naming, OfferingUser::isLeaving);
    }

    private List<OfferingUser> due(Naming naming, Predicate<OfferingUser> wanted) {
        Set<String> later = deadLetters.backingOff();
        return naming.users().stream().filter(wanted).filter(user -> !later.contains(user.concern())).toList();
    }

    public SiteAnswer leaves() {
        return new SiteAnswer.Leaving();
    }

    /** Whether he is in an account of one of these allocations. */
    public SiteAnswer isGone(OfferingUser user, Collection<String> found) {
        return !user.username().isEmpty() && found.contains(user.folded()) ? new SiteAnswer.Leaving() : new SiteAnswer.Gone();
    }

    /** Everybody who is in an account of one of these allocations, in lower case. */
    public Set<String> found(List<Allocation> allocations, Cluster cluster) {
        return allocations.stream().map(a -> a.resource().backendId()).filter(account -> !account.isEmpty() && cluster.exists(account))
                .flatMap(account -> cluster.users(account).stream()).map(user -> user.toLowerCase(Locale.ROOT)).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What the route {@code name-offering-user} has said. Throws {@link UsernameRefused} for a name that he cannot have.
     *
     * @param username blank or {@code -}: none yet
     * @param linking  what he is to read; blank: there is nothing to link
     */
    public SiteAnswer answer(Naming naming, OfferingUser user, String username, String linking) {
        String name = username == null ? "" : username.strip();
        if (!name.isEmpty() && !name.equals(LATER)) {
            return new SiteAnswer.Named(naming.checked(user, name));
        }
        return linking == null || linking.isBlank() ? new SiteAnswer.NotYet() : SiteAnswer.Linking.of(linking);
    }

    /** What follows when it failed: trouble of ours, which may pass, is not his. */
    public SiteAnswer failed(Exception exception) {
        Throwable cause = Refusal.cause(exception);
        boolean ends = cause instanceof Stopping || cause instanceof GivenUp || cause instanceof RejectedExecutionException;
        return ends || refusal.mayPass(exception) ? new SiteAnswer.Unknown() : new SiteAnswer.Refused();
    }

    public boolean hasNext(OfferingUser user, SiteAnswer answer) {
        return UsernamePlanner.next(user, answer).isPresent();
    }

    public OfferingUserChange next(OfferingUser user, SiteAnswer answer) {
        return UsernamePlanner.next(user, answer).orElseThrow();
    }

    /** A request is going to be sent. */
    public void begin(Naming naming, OfferingUserChange change) {
        naming.begin(change);
    }

    /** A change was made. Gives him as he is by now. */
    public OfferingUser made(Offering offering, OfferingUserChange change) {
        LOG.info("Offering {}: {} because {}", offering.name(), change.what(), change.reason());
        return change.after();
    }

    /** @param row as Waldur has him now */
    public OfferingUser again(JsonNode row) {
        return OfferingUser.of(row).orElseThrow(() -> new IllegalArgumentException("an offering user without uuid"));
    }

    /** The end of his turn: what once failed about him is of the past, unless it failed again. */
    public void end(Offering offering, OfferingUser user, SiteAnswer answer) {
        if (answer.settles()) {
            deadLetters.settle(user.concern());
        }
        UsernamePlanner.waits(user, answer).ifPresent(why -> {
            if (said.size() > REMEMBERED) {
                said.clear();
            }
            if (said.add(user.uuid() + why)) {
                LOG.info("Offering {}: offering user {} ({}) waits: {}", offering.name(), user.uuid(), user.state(), why);
            }
        });
    }

    /** Says in a dry run what would be asked and begun. Nobody is asked for a name in a dry run, because that may make something. */
    public void announce(Naming naming) {
        announce(UsernamePlanner.before(naming.users()));
    }

    /** Says in a dry run whose deletion would end. */
    public void announceDeletions(Naming naming, Collection<String> found) {
        announce(naming.users().stream().filter(user -> user.state().equals(OfferingUser.DELETING))
                .flatMap(user -> UsernamePlanner.steps(user, isGone(user, found)).stream()).toList());
    }

    private void announce(List<OfferingUserChange> changes) {
        changes.forEach(change -> out.accept("  + " + change.what() + "\n      because " + change.reason()));
    }
}
