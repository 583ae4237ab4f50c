package org.waldur.siteagent.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A Waldur whose allocations each belong to a project of their own, with a team of its own, and the cluster that they are on. */
final class Teams implements AutoCloseable {
    final WaldurSimulator waldur = WaldurSimulator.start();
    final SlurmSimulator slurm;
    private final String offering = waldur.addOffering("bench", "");
    private final HttpClient client = HttpClient.newHttpClient();
    private int seenRequests;
    private int seenCommands;

    /** @param inAccounts whether the members are in the accounts already */
    Teams(Path folder, int accounts, int members, boolean inAccounts) throws IOException, InterruptedException {
        slurm = SlurmSimulator.start(folder, "lab");
        Incumbent.answer(waldur);
        slurm.run("sacctmgr", "-i", "add", "account", "name=bench_customer", "parent=root", "description=x", "organization=x");
        for (int i = 1; i <= accounts; i++) {
            String order = waldur.create(offering, "Allocation " + i, "project-" + i, "customer", Map.of("cpu", 10));
            String uuid = (String) waldur.resource(order).get("uuid");
            post("marketplace-orders/" + order + "/approve_by_provider/", "{}");
            post("marketplace-provider-resources/" + uuid + "/set_backend_id/", "{\"backend_id\": \"" + account(i) + "\"}");
            post("marketplace-orders/" + order + "/set_state_done/", "{}");
            slurm.run("sacctmgr", "-i", "add", "account", "name=bench_project-" + i, "parent=bench_customer", "description=x", "organization=x");
            slurm.run("sacctmgr", "-i", "add", "account", "name=" + account(i), "parent=bench_project-" + i, "description=a waldur:" + uuid, "organization=x", "GrpTRESMins=cpu=600");
            List<String> team = team(i, members);
            for (String user : team) {
                waldur.join(offering, "project-" + i, user);
                slurm.addLinuxUsers(user);
            }
            if (inAccounts) {
                slurm.run("sacctmgr", "-i", "add", "user", "name=" + String.join(",", team), "account=" + account(i));
            }
        }
        requests();
        commands();
    }

    static String account(int number) {
        return "alloc_%06d".formatted(number);
    }

    private static List<String> team(int account, int members) {
        return IntStream.range(0, members).mapToObj(i -> "u%06d_%d".formatted(account, i)).toList();
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(waldur.apiUrl() + path)).header("Authorization", "Token " + waldur.token())
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** The requests since the last time. */
    List<WaldurRequest> requests() {
        List<WaldurRequest> all = waldur.requests();
        List<WaldurRequest> news = List.copyOf(all.subList(seenRequests, all.size()));
        seenRequests = all.size();
        return news;
    }

    /** The commands since the last time. */
    List<String> commands() {
        List<String> all = slurm.commands().stream().map(command -> String.join(" ", command.argv())).toList();
        List<String> news = all.subList(seenCommands, all.size());
        seenCommands = all.size();
        return news;
    }

    /** A config that both agents read. */
    Path config(Path folder) throws IOException {
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
                      cpu: {label: CPU, measured_unit: h, unit_factor: 60, accounting_type: limit}
                """.formatted(waldur.apiUrl(), waldur.token(), offering, slurm.binPath()));
    }

    @Override
    public void close() throws IOException {
        waldur.close();
        slurm.close();
    }
}
