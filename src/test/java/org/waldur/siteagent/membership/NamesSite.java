package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.waldur.siteagent.cli.Checked;
import org.waldur.siteagent.simulator.WaldurRequest;

/** A site with one allocation, whose Waldur asks the provider for usernames, and a copy of the routes to put somebody in who gives them. */
abstract class NamesSite extends MembershipSite {
    private static final String NOBODY = """
                    - log:
                        id: nobody-gives-names
                        loggingLevel: DEBUG
                        logName: hooks
                        message: Offering user ${variable.offeringUser.uuid} gets no name
            """;
    protected Checked copy;

    @BeforeEach
    void providerGivesNames() throws Exception {
        copy = new Checked(folder.resolve("copy"));
        site.routes(copy.folder());
        site.waldur.pluginOption(site.offering, "username_generation_policy", "service_provider");
    }

    /** These steps are the route {@code name-offering-user}. */
    protected void names(String steps) throws Exception {
        String hooks = copy.read("hooks.camel.yaml");
        assertThat(hooks).contains(NOBODY);
        copy.write("hooks.camel.yaml", hooks.replace(NOBODY, steps.indent(8)));
        assertThat(copy.check()).isEmpty();
    }

    /** A script gives names; its arguments are what Waldur calls the person, {@code email=...} and {@code username=...}, as far as there are any. */
    protected void namesByScript(String lines) throws Exception {
        Path script = Files.writeString(folder.resolve("names.sh"), "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        names("""
                - setBody:
                    id: script-of-names
                    expression:
                      language:
                        language: argv
                        expression: |
                          SCRIPT
                          ${variable.offeringUser.waldurName}
                          ? email=${variable.offeringUser.email}
                          ? username=${variable.offeringUser.username}
                - to:
                    id: run-script-of-names
                    uri: exec:command
                    parameters:
                      timeout: "3000"
                - setVariable:
                    id: name-by-script
                    name: username
                    expression:
                      simple:
                        expression: ${body}
                """.replace("SCRIPT", script.toString()));
    }

    protected String state(String person, boolean named) {
        Map<String, Object> user = site.waldur.offeringUser(person);
        return user.get("state") + (named ? " " + user.get("username") : "");
    }

    protected String uuid(String person) {
        return (String) site.waldur.offeringUser(person).get("uuid");
    }

    /** What was written of offering users, one after the other: {@code PATCH} or the step. */
    protected List<String> written() {
        return site.waldur.requests().stream().filter(NamesSite::writesUser).map(r -> r.method().equals("PATCH") ? "PATCH" : r.path().replaceAll(".*/(\\w+)/$", "$1")).toList();
    }

    static boolean writesUser(WaldurRequest request) {
        return !request.method().equals("GET") && request.path().startsWith("marketplace-offering-users/");
    }
}
