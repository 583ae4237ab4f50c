package org.waldur.siteagent.rehearsal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** Who may be away for a while. */
enum Away {
    SLURMDBD, SLURMCTLD, WALDUR;

    private static final int FOR_EVER = 1_000_000;

    static Optional<Away> of(String text) {
        return Arrays.stream(values()).filter(away -> away.word().equals(text)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Away::word).toList();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    void leave(WaldurSimulator waldur, SlurmSimulator slurm) {
        switch (this) {
            case SLURMDBD -> fail(slurm, List.of("sacctmgr", "sacct"), "error: Problem talking to the database: Connection refused");
            case SLURMCTLD -> fail(slurm, List.of("squeue", "scancel"), "slurm_load_jobs error: Unable to contact slurm controller (connect failure)");
            default -> waldur.inject(WaldurFault.answer(request -> true, 503, "Service Unavailable").times(FOR_EVER));
        }
    }

    private static void fail(SlurmSimulator slurm, List<String> programs, String text) {
        slurm.inject(SlurmFault.fail(argv -> programs.contains(argv.get(0)), 1, text).times(FOR_EVER));
    }
}
