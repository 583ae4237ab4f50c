package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A cluster that exists only in memory. The programs in {@link #binPath()} answer like those of Slurm 22.05.8, for what the
 * shipped routes use; an argument that the simulator does not know makes them fail with exit code 64. One command at a time
 * has its effect, in the order of arrival.
 */
public final class SlurmSimulator implements AutoCloseable {
    private final Path folder;
    private final SlurmWorld world;
    private final SlurmServer server;
    private final List<SlurmCommand> commands = new CopyOnWriteArrayList<>();
    private final List<SlurmFault> faults = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile Consumer<SlurmCommand> listener = command -> { };
    private volatile Duration cancelTime = Duration.ZERO;

    private SlurmSimulator(Path folder, String cluster) throws IOException {
        this.folder = folder.toAbsolutePath();
        world = new SlurmWorld(cluster);
        server = new SlurmServer(this::run);
        ProgramFiles.write(binPath(), server.port(), server.token());
    }

    /** Starts an empty cluster of this name. Programs and home directories are below the folder, which the caller deletes. */
    public static SlurmSimulator start(Path folder, String cluster) throws IOException {
        return new SlurmSimulator(folder, cluster);
    }

    /** Folder of the programs: sacctmgr, sacct, scancel, squeue, getent, mkhomedir_helper. */
    public Path binPath() {
        return folder.resolve("bin");
    }

    /** Folder of the home directories that mkhomedir_helper makes. */
    public Path homePath() {
        return folder.resolve("home");
    }

    /** Makes the users known to getent and mkhomedir_helper; they have no home directory yet. */
    public synchronized void addLinuxUsers(String... users) {
        for (String user : users) {
            world.passwd.put(user, homePath().resolve(user).toString());
        }
    }

    /** The machine does not know these users any more; what they have in Slurm stays. */
    public synchronized void removeLinuxUsers(String... users) {
        world.passwd.keySet().removeAll(List.of(users));
    }

    /** Who runs the commands, with which rights. Without this call: root, who may do all. */
    public synchronized void caller(String user, SlurmUser.AdminLevel level) {
        world.caller = user;
        world.users.put(user, level);
    }

    /** slurmdbd's PrivateData: callers below Operator see less, with exit code 0. */
    public synchronized void privateData(boolean on) {
        world.privateData = on;
    }

    /** slurmctld's PrivateData, which has a file of its own: squeue shows callers below Operator less, with exit code 0. */
    public synchronized void privateQueue(boolean on) {
        world.privateQueue = on;
    }

    /** Makes further QoS known; there is only {@code normal} at first. */
    public synchronized void addQos(String... names) {
        world.qos.addAll(List.of(names));
    }

    /** The TRES that the cluster has, by name. */
    public static Collection<String> tres() {
        return SlurmWorld.TRES.values();
    }

    /** Whether a program of this name is played. */
    public static boolean plays(String program) {
        return ProgramFiles.NAMES.contains(program);
    }

    /** Adds a job of a user who is in the account; gives its id. @param state as squeue prints it, for example {@code RUNNING} */
    public synchronized int submit(String account, String user, String state) {
        return world.submit(account, user, state);
    }

    /**
     * Adds a run to the history of jobs; one with the same id and time of submission is replaced. If it is not over, squeue knows it.
     * Its account and user need not be there any more. Fractions of seconds do not exist in Slurm.
     */
    public synchronized void addJob(SlurmRun run) {
        world.record(run);
    }

    /** slurmctld knows nothing of this job any more. While it is not over for slurmdbd, it is a runaway. */
    public synchronized void forget(int id) {
        world.runs.forget(id);
    }

    /** Removes all jobs and their history. */
    public synchronized void clearJobs() {
        world.runs.clear();
    }

    /** What tells the time for jobs that are not over. Without this call: the real time. */
    public synchronized void clock(Clock clock) {
        world.runs.clock = clock;
    }

    /** How long a cancelled job stays, COMPLETING. Without this call it is gone at once. */
    public void cancelTime(Duration time) {
        cancelTime = time;
    }

    /** Makes coming commands misbehave. Of several faults that match, the one given first acts. */
    public void inject(SlurmFault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /** Nothing goes wrong any more of what was still to come. */
    public void calm() {
        synchronized (faults) {
            faults.clear();
        }
    }

    /** Told of every command when it has ended, in the thread of that command. */
    public void onCommand(Consumer<SlurmCommand> listener) {
        this.listener = listener;
    }

    /** All commands that have ended, the first to end first. */
    public List<SlurmCommand> commands() {
        return List.copyOf(commands);
    }

    /** Number of commands that have begun and not ended, those of killed programs too. */
    public int running() {
        return running.get();
    }

    /** All associations, by lft. */
    public synchronized List<SlurmAssociation> associations() {
        return world.associations(node -> true).stream().map(node -> SlurmAssociation.of(world, node)).toList();
    }

    /** All accounts, by name; also those that have lost their association. */
    public synchronized List<SlurmAccount> accounts() {
        return List.copyOf(world.accounts.values());
    }

    /** All users, by name. */
    public synchronized List<SlurmUser> users() {
        return world.users.entrySet().stream()
                .map(user -> new SlurmUser(user.getKey(), world.defaultAccount(user.getKey()), user.getValue())).toList();
    }

    /** Jobs that are not over and that slurmctld knows, by id. */
    public synchronized List<SlurmJob> jobs() {
        return world.runs.known();
    }

    /** The tree of accounts with limits and users, for people: a line each, indented. */
    public synchronized String tree() {
        return TreeText.of(world);
    }

    /** All runs of jobs that slurmdbd has recorded, those that are over too. */
    public synchronized List<SlurmRun> runs() {
        return List.copyOf(world.runs.all());
    }

    /** Runs a program of {@link #binPath()} without a process, in the simulator's folder; faults apply. */
    public SlurmCommand run(String... argv) {
        return run(Map.of(), argv);
    }

    /** The same with variables of the environment; SLURM_TIME_FORMAT and TZ matter. */
    public SlurmCommand run(Map<String, String> environment, String... argv) {
        return run(new ProgramCall(folder, environment.getOrDefault("SLURM_TIME_FORMAT", ""), environment.getOrDefault("TZ", ""),
                List.of(argv)));
    }

    private SlurmCommand run(ProgramCall call) {
        List<String> argv = call.argv();
        Instant start = Instant.now();
        SlurmFault fault = faultOf(argv);
        running.incrementAndGet();
        pause(fault.before());
        Output output = fault.spoil(fault.effect() ? perform(call) : new Output());
        pause(fault.after());
        if (fault.trick() == SlurmFault.Trick.KILL) {
            output = Output.of(137, "", "");
        }
        SlurmCommand command = new SlurmCommand(argv, start, Instant.now(), output.rc(), output.out(), output.err());
        commands.add(command);
        running.decrementAndGet();
        listener.accept(command);
        return command;
    }

    private SlurmFault faultOf(List<String> argv) {
        synchronized (faults) {
            for (int i = 0; i < faults.size(); i++) {
                SlurmFault fault = faults.get(i);
                if (fault.command().test(argv)) {
                    if (fault.times() > 1) {
                        faults.set(i, fault.times(fault.times() - 1));
                    } else {
                        faults.remove(i);
                    }
                    return fault;
                }
            }
            return SlurmFault.NOTHING;
        }
    }

    private synchronized Output perform(ProgramCall call) {
        Output output = new Output();
        List<String> argv = call.argv();
        List<String> args = argv.subList(1, argv.size());
        try {
            switch (argv.get(0)) {
                case "sacctmgr" -> new Sacctmgr(world, call.folder(), output).run(args);
                case "sacct" -> new Sacct(world, output).run(call);
                case "squeue" -> new JobPrograms(world, output).squeue(args);
                case "scancel" -> new JobPrograms(world, output).scancel(args, this::cancel);
                case "getent" -> new HostPrograms(world, output).getent(args);
                case "mkhomedir_helper" -> new HostPrograms(world, output).mkhomedir(args);
                default -> throw new UnknownArgument(argv.get(0), String.join(", ", ProgramFiles.NAMES));
            }
        } catch (UnknownArgument unknown) {
            return Output.of(64, "", "slurm-simulator: " + argv.get(0) + ": " + unknown.getMessage() + "\n");
        } catch (IOException | RuntimeException defect) {
            return Output.of(70, "", "slurm-simulator: " + argv.get(0) + " " + args + " failed inside the simulator: " + defect + "\n");
        }
        return output;
    }

    private void cancel(SlurmJob job) {
        world.runs.cancel(job, cancelTime);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
