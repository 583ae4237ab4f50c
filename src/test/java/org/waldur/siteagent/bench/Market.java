package org.waldur.siteagent.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A Waldur with one offering, whose resources are there since long. Both agents can be run against it. */
final class Market implements AutoCloseable {
    final WaldurSimulator waldur = WaldurSimulator.start();
    final String offering = waldur.addOffering("bench", "");
    private final HttpClient client = HttpClient.newHttpClient();
    private int seen;

    Market() throws IOException {
        Incumbent.answer(waldur);
    }

    /** A customer orders an allocation, and gets it. Gives the order. @param account its backend_id */
    String sell(String name, String project, String account, Map<String, ?> limits) throws IOException, InterruptedException {
        String order = waldur.create(offering, name, project, "customer", limits);
        post("marketplace-orders/" + order + "/approve_by_provider/", "{}");
        post("marketplace-provider-resources/" + waldur.resource(order).get("uuid") + "/set_backend_id/", "{\"backend_id\": \"" + account + "\"}");
        post("marketplace-orders/" + order + "/set_state_done/", "{}");
        return order;
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
        List<WaldurRequest> news = List.copyOf(all.subList(seen, all.size()));
        seen = all.size();
        return news;
    }

    static long reads(List<WaldurRequest> requests) {
        return requests.stream().filter(request -> request.method().equals("GET")).count();
    }

    @Override
    public void close() {
        waldur.close();
    }
}
