package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A Waldur with an offering whose allocations are there since long, and the accounts that {@code src/bench/fill-slurm} makes for them. */
final class Allocations implements AutoCloseable {
    private static final List<String> COMPONENTS = List.of("cpu", "mem", "gres/gpu");
    static final int USERS = 3;
    final Market market = new Market();
    private final WaldurSimulator waldur = market.waldur;

    Allocations(int number) throws IOException, InterruptedException {
        // of what is billed by limit Waldur takes the usage of the month before, too
        COMPONENTS.forEach(type -> waldur.addComponent(market.offering, Map.of("type", type, "name", type, "billing_type", "limit", "measured_unit", "h")));
        waldur.now(Instant.now().minus(Duration.ofDays(100)));
        TreeSet<String> users = new TreeSet<>();
        for (int i = 1; i <= number; i++) {
            market.sell("Allocation " + i, "project", account(i), Map.of());
            users.addAll(users(i, number, USERS));
        }
        users.forEach(user -> waldur.join(market.offering, "project", user));
        waldur.clock(Clock.systemUTC());
        market.requests();
    }

    /** Its first one is 1. */
    static String account(int number) {
        return "alloc_%06d".formatted(number);
    }

    /** Of an account, if there are so many accounts with so many users each. */
    static List<String> users(int account, int accounts, int users) {
        return IntStream.range(0, users).mapToObj(user -> "usr_%06d".formatted(1 + (account - 1 + user * Math.max(1, accounts / users)) % accounts)).toList();
    }

    /** Whether usage of all allocations is told, zero included. */
    boolean isTold(int number) {
        return waldur.usages().stream().filter(line -> line.split(" ").length == 4).count() == (long) number * COMPONENTS.size();
    }

    /** A config that both agents read. @param months that are reported */
    Path config(Path folder, Path bin, int months) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), """
                reporting_periods: %d
                timezone: UTC
                offerings:
                  - name: bench
                    waldur_api_url: %s
                    waldur_api_token: %s
                    waldur_offering_uuid: %s
                    backend_type: slurm
                    reporting_backend: slurm
                    backend_settings:
                      default_account: root
                      customer_prefix: bench_
                      project_prefix: bench_
                      allocation_prefix: alloc_
                      slurm_bin_path: %s
                      enable_user_homedir_account_creation: false
                    backend_components:
                      cpu: {label: CPU, measured_unit: h, unit_factor: 60, accounting_type: usage}
                      mem: {label: RAM, measured_unit: h, unit_factor: 61440, accounting_type: usage}
                      gres/gpu: {label: GPU, measured_unit: h, unit_factor: 60, accounting_type: usage}
                """.formatted(months, waldur.apiUrl(), waldur.token(), market.offering, bin));
    }

    @Override
    public void close() {
        market.close();
    }
}
