package org.waldur.siteagent.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A Waldur with an offering whose allocations are there since long, and the accounts that {@code src/bench/fill-slurm} makes for them. */
final class Allocations implements AutoCloseable {
    private static final List<String> COMPONENTS = List.of("cpu", "mem", "gres/gpu");
    private static final int USERS = 3;
    final WaldurSimulator waldur = WaldurSimulator.start();
    final String offering = waldur.addOffering("bench", "");
    private final HttpClient client = HttpClient.newHttpClient();
    private int seen;

    Allocations(int number) throws IOException, InterruptedException {
        Incumbent.answer(waldur);
        // of what is billed by limit Waldur takes the usage of the month before, too
        COMPONENTS.forEach(type -> waldur.addComponent(offering, Map.of("type", type, "name", type, "billing_type", "limit", "measured_unit", "h")));
        waldur.now(Instant.now().minus(Duration.ofDays(100)));
        TreeSet<String> users = new TreeSet<>();
        for (int i = 1; i <= number; i++) {
            String order = waldur.create(offering, "Allocation " + i, "project", "customer", Map.of());
            post("marketplace-orders/" + order + "/approve_by_provider/", "{}");
            post("marketplace-provider-resources/" + waldur.resource(order).get("uuid") + "/set_backend_id/", "{\"backend_id\": \"" + account(i) + "\"}");
            post("marketplace-orders/" + order + "/set_state_done/", "{}");
            users.addAll(users(i, number));
        }
        users.forEach(user -> waldur.join(offering, "project", user));
        waldur.clock(Clock.systemUTC());
        requests();
    }

    /** Its first one is 1. */
    static String account(int number) {
        return "alloc_%06d".formatted(number);
    }

    /** Of an account, if there are so many. */
    static List<String> users(int account, int accounts) {
        return IntStream.range(0, USERS).mapToObj(user -> "usr_%06d".formatted(1 + (account - 1 + user * Math.max(1, accounts / USERS)) % accounts)).toList();
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(waldur.apiUrl() + path)).header("Authorization", "Token " + waldur.token())
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Whether usage of all allocations is told, zero included. */
    boolean isTold(int number) {
        return waldur.usages().stream().filter(line -> line.split(" ").length == 4).count() == (long) number * COMPONENTS.size();
    }

    /** The requests since the last time. */
    List<WaldurRequest> requests() {
        List<WaldurRequest> all = waldur.requests();
        List<WaldurRequest> news = List.copyOf(all.subList(seen, all.size()));
        seen = all.size();
        return news;
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
                """.formatted(months, waldur.apiUrl(), waldur.token(), offering, bin));
    }

    @Override
    public void close() {
        waldur.close();
    }
}
