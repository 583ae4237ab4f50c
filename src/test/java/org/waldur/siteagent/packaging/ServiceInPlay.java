package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.waldur.siteagent.simulator.SlurmAccount;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.SlurmUser;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** Runs what an installed unit runs, as the user of the unit, between a simulated Waldur and a simulated Slurm. */
final class ServiceInPlay {
    private static final String SLURM = "/opt/slurm";
    private final Debian debian;
    private final List<String> unit;

    ServiceInPlay(Debian debian, String unit) throws Exception {
        this.debian = debian;
        this.unit = Files.readAllLines(debian.path("/usr/lib/systemd/system/" + unit));
    }

    /** An order is carried out, and SIGTERM ends the service well. */
    void carriesOutAnOrder() throws Exception {
        debian.run("useradd", "--create-home", "alice").good();
        try (WaldurSimulator waldur = WaldurSimulator.start(); SlurmSimulator slurm = SlurmSimulator.start(debian.path(SLURM), "lab")) {
            for (String program : debian.names(SLURM + "/bin")) {
                Files.setPosixFilePermissions(debian.path(SLURM + "/bin/" + program), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            slurm.caller("waldur-agent", SlurmUser.AdminLevel.OPERATOR);
            String offering = waldur.addOffering("slurm", "");
            waldur.join(offering, "proj-1", "alice");
            Files.writeString(debian.path(Built.CONFIG), config(waldur, offering));
            Files.writeString(Files.createDirectories(debian.path("/run/credentials")).resolve("waldur_token"), waldur.token());
            debian.as("waldur-agent", "env", "CREDENTIALS_DIRECTORY=/run/credentials", "waldur-site-agent", "check").good();
            String order = waldur.create(offering, "alpha", "proj-1", "cust-1", Map.of("cpu", 10));
            Path output = debian.path("/tmp/output");
            Process service = debian.start(one("User"), environment(), output, one("ExecStart").split(" "));
            try {
                waitFor(service, order, waldur, output);
                assertThat(slurm.accounts()).extracting(SlurmAccount::name).contains("hpc_cust-1", "hpc_proj-1", "hpc_alpha");
                service.destroy();
                assertThat(service.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
                assertThat(service.exitValue()).as(Files.readString(output)).isIn(0, 143);
            } finally {
                service.destroyForcibly();
            }
            assertThat(debian.rights(Built.STATE + "/audit.jsonl")).hasValue("640 waldur-agent:waldur-agent");
        }
    }

    private static void waitFor(Process service, String order, WaldurSimulator waldur, Path output) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(1));
        while (!"done".equals(waldur.order(order).get("state"))) {
            assertThat(service.isAlive() && Instant.now().isBefore(end)).as("the order is not done: " + Files.readString(output)).isTrue();
            Thread.sleep(100);
        }
    }

    private static String config(WaldurSimulator waldur, String offering) {
        return """
                offerings:
                  - name: slurm
                    waldur_api_url: %s
                    waldur_offering_uuid: %s
                    waldur_api_token_credential: waldur_token
                    backend_type: slurm
                    backend_settings: {default_account: root, customer_prefix: hpc_, project_prefix: hpc_, allocation_prefix: hpc_,
                      slurm_bin_path: %s/bin, enable_user_homedir_account_creation: false}
                    backend_components:
                      cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}
                """.formatted(waldur.apiUrl(), offering, SLURM);
    }

    private List<String> environment() {
        List<String> all = new ArrayList<>(List.of("STATE_DIRECTORY=" + Built.STATE, "CREDENTIALS_DIRECTORY=/run/credentials"));
        unit.stream().filter(line -> line.startsWith("Environment=")).flatMap(line -> Arrays.stream(line.substring("Environment=".length()).split(" "))).forEach(all::add);
        return all;
    }

    private String one(String key) {
        List<String> found = unit.stream().filter(line -> line.startsWith(key + "=")).map(line -> line.substring(key.length() + 1)).toList();
        assertThat(found).as(key).hasSize(1);
        return found.get(0);
    }
}
