package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script bin/waldur-site-agent, with programs named java that write down how they were started. */
class LauncherTest {
    @TempDir
    private Path folder;
    private Path script;

    private record Ended(int code, String out, String err) {
    }

    @BeforeEach
    void install() throws IOException {
        Path home = folder.resolve("my agent");
        script = Files.createDirectories(home.resolve("bin")).resolve("waldur-site-agent");
        Files.copy(Path.of("src/main/bin/waldur-site-agent"), script);
        executable(script);
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/waldur-site-agent.jsa"), "");
    }

    /** A Java of this version beneath a folder; null: it does not say in a file which it is. */
    private Path java(String name, String release, String version) throws IOException {
        Path home = folder.resolve(name);
        if (release != null) {
            Files.createDirectories(home);
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + release + "\"\n");
        }
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"" + version + "\" 2020' >&2; exit; fi\n"
                + "echo \"charmap=$(locale charmap)\"\nfor word; do echo \"<$word>\"; done\n");
        executable(java);
        return home;
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    @ParameterizedTest
    @CsvSource({"sh", "dash", "bash", "''"})
    void argumentsAndPathsWithBlanksArriveAsTheyAre(String shell) throws Exception {
        List<String> command = new ArrayList<>(shell.isEmpty() ? List.of() : List.of("/bin/" + shell));
        command.addAll(List.of(script.toString(), "--once", "-c", "my config.yaml", "*", ""));
        Ended ended = run(Map.of("JAVA_HOME", java("jdk 17", "17.0.2", "17").toString(), "AGENT_JAVA_OPTS", "-Da=1 -Db=*"), command.toArray(String[]::new));
        Path home = script.getParent().getParent();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("<-Dagent.home=" + home + ">\n", "<-XX:SharedArchiveFile=" + home + "/lib/waldur-site-agent.jsa>\n", "<-Da=1>\n<-Db=*>\n")
                .endsWith("<-jar>\n<" + home + "/lib/waldur-site-agent-" + Agent.VERSION + ".jar>\n<--once>\n<-c>\n<my config.yaml>\n<*>\n<>\n");
    }

    @Test
    void aLinkToTheScriptWillDo() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first link"), script);
        Path second = Files.createSymbolicLink(Files.createDirectory(folder.resolve("there")).resolve("second"), Path.of("../" + first.getFileName()));
        Ended ended = run(Map.of("JAVA_HOME", java("jdk", "25", "25").toString(), "CDPATH", "/tmp"), second.toString());
        assertThat(ended.out()).contains("<-Dagent.home=" + script.getParent().getParent() + ">\n");
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, C", "LC_ALL, POSIX", "LANG, C", "LANG, et_EE.ISO-8859-1", "LC_CTYPE, C", "LANG, C.UTF-8", "X, y", "LANG, xx_XX.UTF-8"})
    void theLocaleIsAlwaysUtf8(String name, String value) throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", java("jdk", "17.0.2", "17").toString(), name, value), script.toString());
        assertThat(ended.out()).startsWith("charmap=UTF-8\n");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"11.0.20, 11.0.20, 11", "1.8.0_382, 1.8.0_382, 8", "-, 1.8.0_382, 8", "-, 11.0.2, 11"})
    void aJavaThatIsTooOldIsSaid(String release, String version, String said) throws Exception {
        Path home = java("old", release, version);
        Ended ended = run(Map.of("JAVA_HOME", home.toString()), script.toString());
        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err()).contains(home + "/bin/java is Java " + said + ";", "Java 17 or later");
        assertThat(ended.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"17, 17", "21.0.1, 21.0.1", "-, 17.0.1", "-, 25", "25-ea, 25-ea"})
    void aJavaThatIsNewEnoughIsStarted(String release, String version) throws Exception {
        assertThat(run(Map.of("JAVA_HOME", java("new", release, version).toString()), script.toString()).code()).isZero();
    }

    @Test
    void noJavaIsSaid() throws Exception {
        Ended nonsense = run(Map.of("JAVA_HOME", "/nonsense"), script.toString());
        assertThat(nonsense.code()).isEqualTo(78);
        assertThat(nonsense.err()).contains("JAVA_HOME is /nonsense", "there is no /nonsense/bin/java", "Java 17 or later").doesNotContain("not found");

        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String program : List.of("dirname", "readlink", "locale", "sed", "grep")) {
            Files.copy(Path.of("/usr/bin", program), bin.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Ended none = run(Map.of("PATH", bin.toString()), "/bin/sh", script.toString());
        assertThat(none.code()).isEqualTo(78);
        assertThat(none.err()).contains("there is no java", "Java 17 or later");
    }
}
