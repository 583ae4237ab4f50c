package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A Waldur whose allocations each belong to a project of their own, with a team of its own. The accounts are those of {@code src/bench/fill-slurm ... own}. */
final class Teams implements AutoCloseable {
    /** Of a component with the unit_factor below; as many MB-minutes as the accounts have. */
    private static final int MEMORY = 1000;
    final Market market = new Market();
    final int accounts;
    private final IntFunction<List<String>> team;
    private final List<String> resources = new ArrayList<>();
    private String customer = "";

    /** @param team of an account, the first of which is 1 */
    Teams(int accounts, IntFunction<List<String>> team) throws IOException, InterruptedException {
        this.accounts = accounts;
        this.team = team;
        for (int i = 1; i <= accounts; i++) {
            String order = market.sell("Allocation " + i, project(i), Allocations.account(i), Map.of("cpu", cpu(i), "mem", MEMORY));
            resources.add((String) market.waldur.resource(order).get("uuid"));
            customer = (String) market.waldur.resource(order).get("customer_uuid");
            for (String user : team.apply(i)) {
                market.waldur.join(market.offering, project(i), user);
            }
        }
        market.requests();
    }

    private static String project(int number) {
        return "project-%06d".formatted(number);
    }

    private static int cpu(int account) {
        return 60000 + account;
    }

    /** What the agent writes into the description of the customer's account. */
    String customerMarker() {
        return "customer waldur:" + customer;
    }

    /** For {@code sacctmgr load}. @param members whether they are in the accounts already */
    Path loadFile(Path folder, boolean members) throws IOException {
        List<String> lines = new ArrayList<>(List.of("Cluster - 'lab'", "Parent - 'root'",
                "Account - 'bench_customer':Description='" + customerMarker() + "':Organization='bench_customer'", "Parent - 'bench_customer'"));
        for (int i = 1; i <= accounts; i++) {
            lines.add("Account - 'bench_" + project(i) + "':Description='project':Organization='bench_customer'");
        }
        for (int i = 1; i <= accounts; i++) {
            lines.add("Parent - 'bench_" + project(i) + "'");
            lines.add("Account - '" + Allocations.account(i) + "':Description='allocation waldur:" + resources.get(i - 1) + "':Organization='bench_" + project(i)
                    + "':GrpTRESMins=cpu=" + cpu(i) + ",mem=" + 61440 * MEMORY);
        }
        for (int i = 1; members && i <= accounts; i++) {
            lines.add("Parent - '" + Allocations.account(i) + "'");
            team.apply(i).forEach(user -> lines.add("User - '" + user + "':Fairshare=1"));
        }
        return Files.write(Files.createTempFile(folder, "associations", ".cfg"), lines);
    }

    /** A config that both agents read. */
    Path config(Path folder, Path bin) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), """
                timezone: UTC
                offerings:
                  - name: bench
                    waldur_api_url: %s
                    waldur_api_token: %s
                    waldur_offering_uuid: %s
                    backend_type: slurm
                    membership_sync_backend: slurm
                    backend_settings:
                      default_account: root
                      default_account_policy: none
                      customer_prefix: bench_
                      project_prefix: bench_
                      allocation_prefix: alloc_
                      slurm_bin_path: %s
                      enable_user_homedir_account_creation: false
                    backend_components:
                      cpu: {label: CPU, measured_unit: min, unit_factor: 1, accounting_type: limit}
                      mem: {label: RAM, measured_unit: h, unit_factor: 61440, accounting_type: limit}
                """.formatted(market.waldur.apiUrl(), market.waldur.token(), market.offering, bin));
    }

    @Override
    public void close() {
        market.close();
    }
}
