package org.waldur.siteagent.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.config.ConfigException;
import org.waldur.siteagent.config.Located;
import org.waldur.siteagent.config.YamlFile;

/** Reads a scenario: all of it, or every mistake at once. README says what may stand there. */
public final class ScenarioFile {
    private static final List<String> TOP = List.of("description", "now", "given", "programs", "servers", "properties", "steps", "expect");
    private static final List<String> GIVEN = List.of("users", "qos", "offering", "components", "projects", "allocations");
    private static final String RIGHT = "a scenario like those of examples/scenarios";
    private static final Instant NOW = Instant.parse("2026-01-20T12:00:00Z");

    private ScenarioFile() {
    }

    /** Throws {@link ConfigException} with all that is wrong. */
    public static Scenario read(Path file) throws ConfigException {
        return YamlFile.read(file, RIGHT, top -> scenario(file.getFileName().toString(), top));
    }

    /** The scenario that is played if none is named: a bit of all three modes, with any config. */
    public static Scenario builtIn(Path folder) throws IOException {
        Path file = folder.resolve("built-in.yaml");
        try (InputStream in = ScenarioFile.class.getResourceAsStream("built-in.yaml")) {
            Files.copy(in, file);
            return read(file);
        } catch (ConfigException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static Scenario scenario(String name, Located top) {
        Fields fields = new Fields(top, TOP);
        Scenario.Given given = given(fields);
        StepReader reader = new StepReader(given);
        List<Step> steps = fields.items("steps").stream().flatMap(item -> reader.read(item).stream()).toList();
        if (fields.get("steps").isEmpty()) {
            top.wrong("there are no steps", "steps: with one '- cycle: order_process' at least");
        }
        Stream<Step> last = fields.get("expect").map(expect -> (Step) new Step.Look(reader.expectation(expect))).stream();
        Map<String, Outside.Answer> programs = fields.map("programs", where -> answer(where, "exit"));
        Map<String, Outside.Answer> servers = fields.map("servers", where -> answer(where, "status"));
        return new Scenario(name, fields.text("description").orElse(""), fields.moment("now").orElse(NOW), given, new Outside.Answers(programs, servers),
                fields.map("properties", Fields::text), Stream.concat(steps.stream(), last).toList());
    }

    private static Outside.Answer answer(Located where, String code) {
        Fields fields = new Fields(where, List.of(code, "answer"));
        return new Outside.Answer(fields.whole(code, code.equals("exit") ? 0 : 200), fields.text("answer").orElse(""));
    }

    private static Scenario.Given given(Fields top) {
        if (top.get("given").isEmpty()) {
            return new Scenario.Given(List.of(), List.of(), Map.of(), Map.of(), Map.of(), List.of());
        }
        Fields given = new Fields(top.where("given"), GIVEN);
        Map<String, Scenario.Project> projects = given.map("projects", where -> {
            Fields project = new Fields(where, List.of("customer", "members"));
            return new Scenario.Project(project.needed("customer", "university"), project.texts("members"));
        });
        List<Scenario.Wanted> allocations = given.items("allocations").stream().map(where -> StepReader.wanted(where, projects)).collect(Collectors.toList());
        return new Scenario.Given(given.texts("users"), given.texts("qos"), given.map("offering", Fields::text), given.map("components", Fields::text), projects, allocations);
    }
}
