package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** What a real Waldur 7.0.7 answered, call by call, to the whole life of allocations: the simulator must answer the same. */
class WaldurTranscriptTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CREATE = Pattern.compile("201 POST /api/marketplace-orders/ \\[(\\w+)] create (\\S+) (\\S+): (\\{.*})");
    private static final Pattern ORDERED = Pattern.compile("200 (update_limits|switch_plan|terminate)([^:]*(?:\\{[^}]*})?[^:]*): \\{\"order_uuid\":\"(\\w+)\"}");
    private static final Pattern CALL = Pattern.compile("(\\d{3}) ([A-Z]+) (/api/\\S*) \\[([\\w-]+)](?: \\d+ms)?(?: {2}<- (.*))?", Pattern.DOTALL);
    private static final Pattern APPROVED_BY_CUSTOMER = Pattern.compile("200 POST /api/marketplace-orders/(\\w+)/approve_by_consumer/ \\[pi].*");
    private static final Map<String, Map<String, Integer>> LIMITS = Map.of("slurm", Map.of("storage", 10), "slurm-nousers", Map.of("storage", 10),
            "slurm-limits", Map.of("cpu", 10, "gpu", 1, "mem", 20), "basic", Map.of("storage", 10));
    private static final String SLURM = "644262394c16591190c5370254f10dfc";
    /** One offering user, in the two parts of the transcript. */
    private static final List<String> LAB_ONE = List.of("be23b79d2c2c4884b7bf7d6d27788eda", "b2fc7b9ae230453b9073477b5b5f45dd");
    private static final Map<String, String> OFFERINGS = Map.of(SLURM, "slurm",
            "0c62e7ab0ee253ff8784c6471ebb5759", "slurm-nousers", "092b51ccad2d5a86860abd140708e810", "slurm-limits");

    private final Map<String, String> ours = new HashMap<>();
    private final Map<String, String> orderOfResource = new HashMap<>();
    private final Map<Pattern, String> skipped = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();
    private final Map<String, String[]> implied = new HashMap<>();
    private WaldurSimulator waldur;
    private String lastResource;

    @Test
    void theSimulatorAnswersAsARealWaldurDid() throws Exception {
        Path folder = Path.of("src/test/resources");
        for (String line : lines(folder.resolve("waldur-7.0.7-skipped.txt"))) {
            String[] parts = line.split(" \\| ");
            skipped.put(Pattern.compile(parts[0]), parts[1]);
        }
        for (String line : lines(folder.resolve("waldur-7.0.7-customer.txt"))) {
            implied.put(line.split(" ")[0], line.split(" ", 4));
        }
        String transcript = Files.readString(folder.resolve("waldur-7.0.7-transcript.txt"));
        String[] parts = transcript.split("# =====.*=====");
        replay(parts[0], 0);
        replay(parts[1], Integer.MAX_VALUE - 1);

        System.out.println("The transcript of Waldur 7.0.7: " + counts);
        assertThat(differences).isEmpty();
        assertThat(counts.get("replayed")).as("calls that were replayed").isGreaterThan(295);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }

    private void replay(String text, int workerIsLateBy) throws Exception {
        waldur = WaldurSimulator.startOld(workerIsLateBy).now(Instant.parse("2026-11-23T16:17:45Z")).version("unknown");
        Map<String, String> offerings = new HashMap<>();
        OFFERINGS.forEach((theirs, name) -> ours.put(theirs, offerings.computeIfAbsent(name, this::offering)));
        waldur.join(ours.get(SLURM), "lab", "lab_one");
        LAB_ONE.forEach(theirs -> ours.put(theirs, (String) waldur.offeringUser("lab_one").get("uuid")));
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher create = CREATE.matcher(lines.get(i));
            Matcher ordered = ORDERED.matcher(lines.get(i));
            Matcher approved = APPROVED_BY_CUSTOMER.matcher(lines.get(i));
            Matcher call = CALL.matcher(lines.get(i));
            if (create.matches()) {
                create(create, offerings.computeIfAbsent(create.group(2), this::offering));
            } else if (ordered.matches()) {
                order(ordered.group(3), ordered.group(1), lastResource, limitsOf(lines, i, ordered.group(3)));
            } else if (approved.matches()) {
                waldur.spoil(ours.get(approved.group(1)), "state", "pending-provider");
            } else if (lines.get(i).matches("    .* after \\d+ ms")) {
                waldur.work();
            } else if (call.matches()) {
                call(call, lines.subList(i + 1, Math.min(lines.size(), i + 5)));
            }
        }
        waldur.close();
    }

    private String offering(String name) {
        String offering = waldur.addOffering(name, "");
        Map.of("cpu", "k-Hours", "gpu", "k-Hours", "ram", "gb-Hours").forEach((type, unit) -> waldur.addComponent(offering,
                Map.of("type", type, "name", type.toUpperCase(Locale.ROOT), "measured_unit", unit, "billing_type", "usage")));
        waldur.addComponent(offering, Map.of("type", "storage", "name", "Storage", "measured_unit", "GB", "billing_type", "limit", "limit_period", "month"));
        return offering;
    }

    private void create(Matcher line, String offering) throws IOException {
        JsonNode created = JSON.readTree(line.group(4));
        String order = waldur.create(offering, line.group(3), "proj", "cust", LIMITS.get(line.group(2)));
        lastResource = created.get("marketplace_resource_uuid").asText();
        ours.put(created.get("uuid").asText(), order);
        ours.put(lastResource, (String) waldur.resource(order).get("uuid"));
        orderOfResource.put(lastResource, order);
        waldur.spoil(order, "state", created.get("state").asText());
    }

    /** What was ordered is told by the first look at the order. */
    private static Map<String, Object> limitsOf(List<String> lines, int at, String order) throws IOException {
        for (String line : lines.subList(at, Math.min(lines.size(), at + 8))) {
            Matcher limits = Pattern.compile(".*\"uuid\": \"" + order + "\".*?\"limits\": (\\{[^}]*}).*").matcher(line);
            if (limits.matches()) {
                return limits(limits.group(1));
            }
        }
        return Map.of("cpu", 40);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> limits(String json) throws IOException {
        return JSON.readValue(json, Map.class);
    }

    private void order(String theirs, String type, String resource, Map<String, Object> limits) {
        String first = orderOfResource.get(resource);
        ours.put(theirs, type.equals("switch_plan") ? waldur.switchPlan(first)
                : type.startsWith("update") ? waldur.update(first, limits) : waldur.terminate(first));
    }

    private void call(Matcher call, List<String> below) throws Exception {
        String body = call.group(5) == null ? "" : call.group(5);
        String text = call.group(1) + " " + call.group(2) + " " + call.group(3) + " [" + call.group(4) + "]" + (body.isEmpty() ? "" : " <- " + body);
        for (Map.Entry<Pattern, String> skip : skipped.entrySet()) {
            if (skip.getKey().matcher(text).find()) {
                counts.merge("skipped: " + skip.getValue(), 1, Integer::sum);
                return;
            }
        }
        if (!isWhole(body)) {
            counts.merge("skipped: bodies that are cut in the transcript", 1, Integer::sum);
            return;
        }
        Matcher uuid = Pattern.compile("marketplace-orders/([0-9a-f]{32})").matcher(call.group(3));
        if (uuid.find() && !ours.containsKey(uuid.group(1)) && implied.containsKey(uuid.group(1))) {
            String[] order = implied.get(uuid.group(1));
            order(order[0], order[1], order[2], limits(order[3]));
        }
        counts.merge("replayed", 1, Integer::sum);
        boolean get = call.group(2).equals("GET");
        HttpResponse<String> reply = send(call, translated(body));
        if (get) {
            RecordedAnswer.of(text, below).uuids(reply).forEach(pair -> ours.putIfAbsent(pair[0], pair[1]));
        }
        RecordedAnswer recorded = RecordedAnswer.of(text, below.stream().map(this::translated).toList());
        List<String> found = recorded.differences(reply);
        if (!found.isEmpty() && get) {
            // the worker has a pace of its own: what a look shows may be from before or from after its work
            waldur.work();
            found = recorded.differences(send(call, ""));
        }
        differences.addAll(found);
    }

    private static boolean isWhole(String body) {
        try {
            return body.isEmpty() || JSON.readTree(body) != null;
        } catch (IOException e) {
            return false;
        }
    }

    private String translated(String text) {
        Matcher uuids = Pattern.compile("[0-9a-f]{32}").matcher(text);
        return uuids.replaceAll(m -> ours.getOrDefault(m.group(), m.group())).replaceAll("http://127.0.0.1:80\\d\\d/api/", waldur.apiUrl().toString());
    }

    private HttpResponse<String> send(Matcher call, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(waldur.apiUrl().resolve("/") + translated(call.group(3)).substring(1)))
                .header("Authorization", "Token " + (call.group(4).equals("lab-staff") ? waldur.staffToken() : waldur.token()))
                .header("Content-Type", "application/json")
                .method(call.group(2), body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
