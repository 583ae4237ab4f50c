package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script that root's unit runs, run as root, with the folder of requests in the hands of the user nobody; with a getent that reads a
 * file, and a mkhomedir_helper that writes down its arguments and makes the folder.
 */
class MakeHomedirsTest {
    private static final String AGENT = "nobody";
    @TempDir
    private Path root;
    private Path requests;
    private Path homes;
    private final List<String> entries = new ArrayList<>();

    private record Ended(int code, String said) {
    }

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run what is root's");
        mode(root, "rwxr-xr-x");
        homes = Files.createDirectory(root.resolve("home"));
        Path state = agents(Files.createDirectory(root.resolve("state")));
        requests = agents(Files.createDirectory(state.resolve("homedirs")));
        program("getent", "[ $# = 2 ] && [ \"$1\" = passwd ] || exit 3\ngrep -E \"^$2:|^[^:]*:x:$2:\" '" + root + "/passwd' || exit 2\n");
        program("helper", "echo \"$*\" >>'" + root + "/made'\ngrep \"^$1:\" '" + root + "/passwd' | cut -d: -f6 | xargs mkdir -p\n");
        Files.writeString(root.resolve("login.defs"), "# UID_MIN 5\nUID_MIN\t\t  2000\nUID_MAX 60000\n");
        user("alice", 3001);
        user("bob", 3002);
    }

    private void program(String name, String text) throws IOException {
        mode(Files.writeString(root.resolve(name), "#!/bin/sh\n" + text), "rwxr-xr-x");
    }

    private static Path mode(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static Path agents(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        return file;
    }

    private void user(String name, int uid) throws IOException {
        user(name, uid, homes.resolve(name).toString());
    }

    private void user(String name, long uid, String home) throws IOException {
        entries.add(name + ":x:" + uid + ":" + uid + ":A B, *:" + home + ":/bin/bash");
        Files.write(root.resolve("passwd"), entries);
    }

    private Path request(String name, String umask) throws IOException {
        return agents(Files.writeString(requests.resolve(name), umask));
    }

    private Ended run() throws Exception {
        return run(Map.of(), AGENT);
    }

    private Ended run(Map<String, String> environment, String agent) throws Exception {
        ProcessBuilder script = new ProcessBuilder(Path.of("src/main/libexec/make-homedirs").toAbsolutePath().toString(), agent, requests.toString(),
                root.resolve("getent").toString(), root.resolve("helper").toString(), root.resolve("login.defs").toString());
        script.environment().putAll(environment);
        Path out = root.resolve("said");
        Process process = script.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out));
    }

    /** What the helper was called with. */
    private List<String> made() throws IOException {
        Path made = root.resolve("made");
        return Files.exists(made) ? Files.readAllLines(made) : List.of();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(requests)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void homesAreMadeOnceWithTheirUmask() throws Exception {
        request("alice", "0077");
        request("bob", "0027\n");
        request(".part-1", "00");
        assertThat(run()).isEqualTo(new Ended(0, ""));
        assertThat(made()).containsExactlyInAnyOrder("alice 0077", "bob 0027");
        assertThat(homes.resolve("alice")).isDirectory();
        assertThat(left()).as("what is being written stays").containsExactly(".part-1");

        request("alice", "0077");
        assertThat(run()).isEqualTo(new Ended(0, ""));
        assertThat(made()).hasSize(2);
        assertThat(left()).containsExactly(".part-1");
    }

    @Test
    void aFolderThatIsEmptyOrNotThereIsNoTrouble() throws Exception {
        assertThat(run()).isEqualTo(new Ended(0, ""));
        Files.delete(requests);
        assertThat(run()).isEqualTo(new Ended(0, ""));
    }

    @ParameterizedTest
    @CsvSource({"0700", "0002", "0020", "0000", "0722", "77", "00770", "rwx", "'0077 0077'", "'0077\nbob 0077'", "''", "$(id)", "0o77", "0078", "-0077", "' 0077'"})
    void anUmaskThatOpensAHomeOrIsNoneIsRefused(String umask) throws Exception {
        request("alice", umask);
        request("bob", "0077");
        Ended ended = run();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).isEqualTo("make-homedirs: alice is refused: his umask is none, or lets others write\n");
        assertThat(made()).containsExactly("bob 0077");
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "-rf", "--help", "$(id)", "`id`", "a b", "alice;id", "a\nalice", "\n", "*", "alice*", "älice", "alice~", "a:b", "~root", "'", "\"", "\\"})
    void aNameThatIsNoneIsRefused(String name) throws Exception {
        user("a", 3003);
        request(name, "0077");
        request("bob", "0077");
        Ended ended = run();
        assertThat(ended.said()).matches("make-homedirs: [a-zA-Z0-9_.?-]+ is no file with the name of a user, and is removed\n");
        assertThat(made()).containsExactly("bob 0077");
        assertThat(left()).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsRefused() throws Exception {
        for (int length : new int[] {42, 43, 255}) {
            user("x".repeat(length), 4000 + length);
            request("x".repeat(length), "0077");
        }
        run();
        assertThat(made()).containsExactly("x".repeat(42) + " 0077");
        assertThat(left()).isEmpty();
    }

    @Test
    void onlyPeopleThatTheMachineKnowsByThatNameGetOne() throws Exception {
        user("system", 1999);
        user("toor", 0);
        user("least", 2000);
        user("nobody", 65534);
        user("odd", 3009, "/nonexistent");
        user("relative", 3010, "home/relative");
        user("none", 3011, "");
        user("up", 3012, homes + "/../state/up");
        user("huge", 99_999_999_999L, homes.resolve("huge").toString());
        user("twice", 3013);
        user("twice", 3014);
        for (String name : List.of("system", "toor", "least", "nobody", "odd", "relative", "none", "up", "huge", "twice", "unknown", "3001", "root")) {
            request(name, "0077");
        }
        Ended ended = run();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(made()).containsExactly("least 0077");
        assertThat(ended.said()).contains("3001 is refused: the user that getent knows by that is alice", "unknown is refused: this machine does not know him",
                "system is refused: his uid 1999 is the system's", "odd is refused: his home directory is '/nonexistent'", "twice is refused: he is several");
        assertThat(ended.said().lines()).hasSize(12).allMatch(line -> line.contains(" is refused: "));
        assertThat(left()).isEmpty();
    }

    @Test
    void withoutLoginDefsPeopleBeginAt1000() throws Exception {
        Files.delete(root.resolve("login.defs"));
        user("system", 999);
        user("first", 1000);
        request("system", "0077");
        request("first", "0077");
        run();
        assertThat(made()).containsExactly("first 0077");
    }

    @Test
    void whatIsNoFileIsRemovedAndWhatItLeadsToStays() throws Exception {
        Path secret = mode(Files.writeString(root.resolve("secret"), "0077"), "rw-------");
        Path folder = Files.createDirectory(root.resolve("others"));
        Files.writeString(folder.resolve("kept"), "x");
        agents(Files.createSymbolicLink(requests.resolve("alice"), secret));
        agents(Files.createSymbolicLink(requests.resolve("carol"), folder));
        agents(Files.createSymbolicLink(requests.resolve("dave"), root.resolve("nothing")));
        Path inner = agents(Files.createDirectory(requests.resolve("bob")));
        agents(Files.createSymbolicLink(inner.resolve("link"), folder));
        request("bob/0077", "0077");
        assertThat(new ProcessBuilder("mkfifo", requests.resolve("erin").toString()).start().waitFor()).isZero();
        agents(requests.resolve("erin"));
        Ended ended = run();
        assertThat(ended.said().lines()).hasSize(5).allMatch(line -> line.endsWith(" is no file with the name of a user, and is removed"));
        assertThat(made()).isEmpty();
        assertThat(left()).isEmpty();
        assertThat(secret).content().isEqualTo("0077");
        assertThat(folder.resolve("kept")).exists();
    }

    /** All that the agent's user may do is put another folder in its place; root must neither read nor delete there. */
    @Test
    void aFolderOfSomebodyElseInItsPlaceIsLeftAlone() throws Exception {
        Path open = mode(Files.createDirectory(root.resolve("open")), "rwxr-xr-x");
        Path closed = mode(Files.createDirectory(root.resolve("closed")), "rwx------");
        for (Path folder : List.of(open, closed)) {
            mode(Files.writeString(folder.resolve("alice"), "0077"), "rw-------");
            Files.writeString(folder.resolve("No request"), "x");
            Files.delete(requests);
            agents(Files.createSymbolicLink(requests, folder));
            run();
            assertThat(left()).containsExactly("No request", "alice");
        }
        assertThat(made()).isEmpty();
    }

    @Test
    void aFileThatIsClosedToTheAgentIsNotReadAsRoot() throws Exception {
        mode(Files.writeString(requests.resolve("alice"), "0077"), "rw-------");
        assertThat(run().code()).isEqualTo(1);
        assertThat(made()).isEmpty();
        assertThat(left()).isEmpty();
    }

    /** A file that is a link at the next moment, to one that only root can read and that would be a good request. */
    @Test
    void noSwapBetweenALookAndAReadMakesRootReadWhatTheAgentCannot() throws Exception {
        Path secret = mode(Files.writeString(root.resolve("secret"), "0077"), "rw-------");
        Process agent = new ProcessBuilder("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "sh", "-c",
                "cd \"$1\"; while [ ! -e \"$3\" ]; do ln -s \"$2\" .l; echo x >.f; mv -T .l alice; mv -T .f alice; done 2>/dev/null", "agent", requests.toString(), secret.toString(),
                root.resolve("enough").toString()).start();
        try {
            for (int i = 0; i < 40; i++) {
                run();
            }
        } finally {
            // it ends by itself, because what it has started would outlive a kill and go on making files
            Files.createFile(root.resolve("enough"));
            assertThat(agent.waitFor()).isZero();
        }
        assertThat(made()).isEmpty();
        assertThat(secret).content().isEqualTo("0077");
    }

    @Test
    void noHomeIsMadeWhereOthersCouldPutALinkInItsPlace() throws Exception {
        Path loose = mode(Files.createDirectory(root.resolve("loose")), "rwxrwxrwx");
        Path theirs = agents(Files.createDirectory(root.resolve("theirs")));
        Path sticky = Files.createDirectory(root.resolve("sticky"));
        assertThat(new ProcessBuilder("chmod", "1777", sticky.toString()).start().waitFor()).isZero();
        Files.createDirectory(loose.resolve("inner"));
        Files.createSymbolicLink(root.resolve("link"), loose);
        Files.createSymbolicLink(homes.resolve("dangling"), root.resolve("nothing"));
        user("u1", 3101, loose.resolve("u1").toString());
        user("u2", 3102, loose.resolve("inner/deep/u2").toString());
        user("u3", 3103, theirs.resolve("u3").toString());
        user("u4", 3104, root.resolve("link/inner/u4").toString());
        user("u5", 3105, homes.resolve("dangling").toString());
        user("good", 3106, sticky.resolve("deep/good").toString());
        for (String name : List.of("u1", "u2", "u3", "u4", "u5", "good")) {
            request(name, "0077");
        }
        Ended ended = run();
        assertThat(made()).containsExactly("good 0077");
        assertThat(ended.said()).contains("u2 is refused: others than root can write in " + loose, "u3 is refused: others than root can write in " + theirs,
                "u5 is refused: " + homes.resolve("dangling") + " is a link to nothing");
        assertThat(ended.said().lines()).hasSize(5);
    }

    @Test
    void aHomeThatCannotBeMadeIsSaidAndAskedForNoMore() throws Exception {
        program("helper", "[ \"$1\" != alice ] || exit 4\necho \"$*\" >>'" + root + "/made'\n");
        request("alice", "0077");
        request("bob", "0077");
        Ended ended = run();
        assertThat(ended).isEqualTo(new Ended(1, "make-homedirs: alice has no home directory: " + root.resolve("helper") + " ended with 4\n"));
        assertThat(made()).containsExactly("bob 0077");
        assertThat(left()).isEmpty();
    }

    @Test
    void aRunHandlesFiveHundredAndTheNextTheRest() throws Exception {
        for (int i = 0; i < 510; i++) {
            request("user%03d".formatted(i), "0077");
        }
        program("getent", "echo \"$2:x:3000:3000::" + homes + "/$2:/bin/sh\"\n");
        program("helper", "echo \"$*\" >>'" + root + "/made'\n");
        assertThat(run().code()).isZero();
        assertThat(made()).hasSize(500);
        assertThat(left()).hasSize(10);
        assertThat(run().code()).isZero();
        assertThat(made()).hasSize(510).doesNotHaveDuplicates();
        assertThat(left()).isEmpty();
    }

    @Test
    void nothingIsTakenFromTheEnvironment() throws Exception {
        Path evil = Files.createDirectory(root.resolve("evil"));
        for (String name : List.of("id", "sed", "tail", "stat", "readlink", "setpriv", "timeout", "head", "env", "cat", "rm", "tr", "mkhomedir_helper", "getent")) {
            mode(Files.writeString(evil.resolve(name), "#!/bin/sh\ntouch '" + evil + "/called'\nexit 1\n"), "rwxr-xr-x");
        }
        Path startup = Files.writeString(root.resolve("startup"), "touch '" + evil + "/called'\n");
        request("alice", "0077");
        assertThat(run(Map.of("PATH", evil + ":/usr/bin:/bin", "ENV", startup.toString(), "BASH_ENV", startup.toString(), "CDPATH", evil.toString(), "IFS", "07l",
                "LC_ALL", "C.UTF-8", "user", "root", "helper", "/bin/false"), AGENT)).isEqualTo(new Ended(0, ""));
        assertThat(made()).containsExactly("alice 0077");
        assertThat(evil.resolve("called")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"root, is root", "no-such-user, there is no user"})
    void itDoesNotReadTheFolderAsRoot(String agent, String said) throws Exception {
        request("alice", "0077");
        Ended ended = run(Map.of(), agent);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).contains(said);
        assertThat(made()).isEmpty();
        assertThat(left()).containsExactly("alice");
    }

    /** What the units, the README and the agent say of the same things. */
    @Test
    void theUnitsAreThoseThatTheAgentLooksFor() throws Exception {
        Path units = Path.of("systemd-conf/homedirs");
        String path = Files.readString(units.resolve("waldur-agent-homedirs.path"));
        String service = Files.readString(units.resolve("waldur-agent-homedirs.service"));
        String readme = Files.readString(Path.of("README.md"));
        assertThat(path).contains("\nDirectoryNotEmpty=/var/lib/waldur-site-agent/homedirs\n", "\nWantedBy=paths.target\n");
        assertThat(service).contains("\nExecStart=/usr/libexec/waldur-agent-make-homedirs waldur-agent /var/lib/waldur-site-agent/homedirs\n");
        assertThat(readme).contains("libexec/make-homedirs /usr/libexec/waldur-agent-make-homedirs\n", "enable --now waldur-agent-homedirs.path\n");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd to verify the units with");
        Files.writeString(root.resolve("waldur-agent-homedirs.path"), path);
        Files.writeString(root.resolve("waldur-agent-homedirs.service"), service.replace("/usr/libexec/waldur-agent-make-homedirs", root.resolve("helper").toString()));
        Process verify = new ProcessBuilder("systemd-analyze", "verify", root.resolve("waldur-agent-homedirs.path").toString(),
                root.resolve("waldur-agent-homedirs.service").toString()).redirectErrorStream(true).start();
        String said = new String(verify.getInputStream().readAllBytes());
        assertThat(said.lines().filter(line -> line.contains("waldur-agent-homedirs"))).isEmpty();
        assertThat(verify.waitFor()).isZero();
    }
}
