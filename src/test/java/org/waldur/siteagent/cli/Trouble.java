package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmUser.AdminLevel;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;

/** Something that goes wrong at the n-th request or at the n-th command of a cycle. */
public final class Trouble {
    /** Longer than {@link Site#impatient}. */
    private static final Duration HANGING = Duration.ofSeconds(5);
    private static final String HANGS = "hangs at command";
    private final String what;
    private final int at;
    private final BiConsumer<Site, BooleanSupplier> fault;

    /** @param fault makes it go wrong where it is told that it is the place */
    private Trouble(String what, int at, BiConsumer<Site, BooleanSupplier> fault) {
        this.what = what;
        this.at = at;
        this.fault = fault;
    }

    /** A fault of the server. */
    public static Trouble request(String what, int at, Function<Predicate<WaldurRequest>, WaldurFault> fault) {
        return new Trouble(what + " at request", at, (site, isHere) -> site.waldur.inject(fault.apply(request -> isHere.getAsBoolean())));
    }

    /** Faults of the server, one after the other, as often as the request is tried again. */
    public static Trouble requests(String what, int at, List<Function<Predicate<WaldurRequest>, WaldurFault>> faults) {
        return new Trouble(what + " at request", at, (site, isHere) -> {
            AtomicReference<Boolean> here = new AtomicReference<>(false);
            site.waldur.beforeRequest(request -> here.set(isHere.getAsBoolean()));
            faults.forEach(fault -> site.waldur.inject(fault.apply(request -> here.get())));
        });
    }

    /** A fault of a program. */
    public static Trouble command(String what, int at, Function<Predicate<List<String>>, SlurmFault> fault) {
        return new Trouble(what + " at command", at, (site, isHere) -> site.slurm.inject(fault.apply(argv -> isHere.getAsBoolean())));
    }

    /** The server gives only the first half of the rows that there are, as if there were no more. */
    public static Trouble half(int at) {
        return new Trouble("half a list at request", at, (site, isHere) -> {
            AtomicBoolean over = new AtomicBoolean();
            site.waldur.beforeRequest(request -> {
                if (isHere.getAsBoolean() && over.compareAndSet(false, true)) {
                    site.waldur.inject(WaldurFault.answer(same -> same.line().equals(request.line()), 200, half(site.rows(request))));
                }
            });
        });
    }

    private static String half(ArrayNode rows) {
        ArrayNode half = rows.arrayNode();
        for (int i = 0; i < rows.size() / 2; i++) {
            half.add(rows.get(i));
        }
        return half.toString();
    }

    /** Slurm shows as little as to a caller without rights where PrivateData is set, and says so to nobody. */
    public static Trouble showsLess(int at) {
        return new Trouble("shows less at command", at, (site, isHere) -> {
            AtomicBoolean over = new AtomicBoolean();
            site.slurm.inject(SlurmFault.kill(argv -> {
                if (isHere.getAsBoolean() && over.compareAndSet(false, true)) {
                    rights(site, "nobody", AdminLevel.NONE);
                }
                return false;
            }));
            site.slurm.onCommand(command -> rights(site, "root", AdminLevel.ADMINISTRATOR));
        });
    }

    private static void rights(Site site, String caller, AdminLevel level) {
        site.slurm.caller(caller, level);
        site.slurm.privateData(level == AdminLevel.NONE);
        site.slurm.privateQueue(level == AdminLevel.NONE);
    }

    /** All the ways in which the server may be in trouble, two or three in a row: each request is tried again that often. */
    public static List<Trouble> ofRequest(int at) {
        return List.of(
                requests("lost, 500, 429", at, List.of(WaldurFault::lost, r -> WaldurFault.answer(r, 500, "<h1>Server Error (500)</h1>"),
                        r -> WaldurFault.answer(r, 429, "{\"detail\": \"slow down\"}").retryAfter("0"))),
                requests("HTML, cut, 502", at, List.of(r -> WaldurFault.answer(r, 200, "<html>maintenance</html>"), WaldurFault::cutOff,
                        r -> WaldurFault.answer(r, 502, "<html>bad gateway</html>"))),
                request("down for long", at, r -> WaldurFault.answer(r, 502, "bad gateway").times(7)));
    }

    /** All the ways in which a program may go wrong. Of one that only reads it is the same whether it fails before its work or after it. */
    public static List<Trouble> ofCommand(int at, List<String> argv) {
        List<Trouble> failures = List.of(
                command("killed", at, SlurmFault::kill),
                command("fails", at, c -> SlurmFault.fail(c, 1, " Problem talking to the database")),
                command("killed after its work", at, SlurmFault::killAfterwards),
                command("fails after its work", at, c -> SlurmFault.failAfterwards(c, 1, " Connection reset")));
        List<Trouble> all = new ArrayList<>(isWrite(argv) ? failures : oneOf(failures, at));
        all.add(command("prints half", at, SlurmFault::cutLastLine));
        all.add(command("warns among its rows", at, c -> SlurmFault.warn(c, "slurmdbd: warning: slow")));
        all.add(new Trouble(HANGS, at, (site, isHere) -> site.slurm.inject(SlurmFault.hang(run -> isHere.getAsBoolean(), HANGING))));
        return all;
    }

    private static boolean isWrite(List<String> argv) {
        return argv.contains("--immediate") || !List.of("sacctmgr", "sacct", "squeue", "scontrol", "getent").contains(argv.get(0));
    }

    /** The agent dies before, during and after the n-th request. Where several only read one after the other, it dies at one of them, once. */
    public static List<Trouble> deathsAtRequest(int at, List<WaldurRequest> all) {
        List<Trouble> deaths = List.of(request("killed during", at, WaldurFault::lost), request("killed before", at, WaldurFault::cutOff),
                new Trouble("killed after request", at, (site, isHere) -> site.waldur.onRequest(r -> isHere.getAsBoolean())));
        return deaths(at, deaths, all.stream().map(request -> !request.method().equals("GET")).toList());
    }

    /** The agent dies before, during and after the n-th command. Where several only read one after the other, it dies at one of them, once. */
    public static List<Trouble> deathsAtCommand(int at, List<SlurmCommand> all) {
        List<Trouble> deaths = List.of(command("killed during", at, SlurmFault::killAfterwards), command("killed before", at, c -> SlurmFault.fail(c, 1, "")),
                new Trouble("killed after command", at, (site, isHere) -> site.slurm.onCommand(c -> isHere.getAsBoolean())));
        return deaths(at, deaths, all.stream().map(command -> isWrite(command.argv())).toList());
    }

    private static List<Trouble> deaths(int at, List<Trouble> deaths, List<Boolean> writes) {
        boolean afterWrite = at == 1 || writes.get(at - 2);
        // after the last call an agent may have ended well before it can be killed
        List<Trouble> possible = at == writes.size() ? deaths.subList(0, 2) : deaths;
        return writes.get(at - 1) ? possible : afterWrite ? oneOf(possible, at) : List.of();
    }

    private static List<Trouble> oneOf(List<Trouble> some, int at) {
        return List.of(some.get(at % some.size()));
    }

    /** Whether it shows at a deadline only. */
    public boolean hangs() {
        return what.equals(HANGS);
    }

    /** From now on it waits for its place. */
    public void await(Site site) {
        AtomicInteger seen = new AtomicInteger();
        fault.accept(site, () -> seen.incrementAndGet() >= at);
    }

    /** Starts an agent and kills it there. Gives its exit code, once it has gone; 137 if it was killed. */
    public int kill(Site site, Supplier<Process> start) throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        AtomicReference<Process> agent = new AtomicReference<>();
        fault.accept(site, () -> {
            boolean here = seen.incrementAndGet() == at;
            if (here) {
                kill(agent.get());
            }
            return here;
        });
        agent.set(start.get());
        if (!agent.get().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent neither ends nor is killed");
        }
        return agent.get().exitValue();
    }

    private static void kill(Process agent) {
        agent.destroyForcibly();
        try {
            agent.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return what + " " + at;
    }
}
