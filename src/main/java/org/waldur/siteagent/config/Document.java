package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** A file as one YAML document whose top is a map. */
final class Document {
    private static final int ALIASES = 10_000;

    private final Path file;
    private final String right;

    private Document(Path file, String right) {
        this.file = file;
        this.right = right;
    }

    /** @param right what would be right where this is no such file at all */
    static Node read(Path file, String right) throws ConfigException {
        Document document = new Document(file, right);
        return document.compose(document.text());
    }

    private String text() throws ConfigException {
        if (Files.isDirectory(file)) {
            throw wrong(0, "this is a directory", "the name of a file in it");
        }
        try {
            return text(Files.readAllBytes(file));
        } catch (IOException e) {
            throw wrong(0, "the file cannot be read: " + why(e), e instanceof AccessDeniedException ? "a file that he may read (root:waldur-agent and 0640), or the user of the service: runuser -u waldur-agent -- ..." : right);
        }
    }

    /** Why a file cannot be read. */
    static String why(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file"
                : e instanceof AccessDeniedException ? "the user " + System.getProperty("user.name") + " has no right to read it, or to enter its folder"
                : e.getMessage();
    }

    /** UTF-8, with or without a byte order mark. */
    private String text(byte[] bytes) throws ConfigException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, text, true);
        text.flip();
        if (result.isError()) {
            throw wrong(line(text), "this is not text in UTF-8", "the line written anew, or the file saved as UTF-8");
        }
        return text.toString().replaceFirst("^\uFEFF", "");
    }

    /** The line, from 1, in which a text ends. */
    private static int line(CharSequence text) {
        return 1 + (int) text.chars().filter(c -> c == '\n').count();
    }

    private Node compose(String text) throws ConfigException {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).setAllowDuplicateKeys(true).setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(ALIASES).build();
        Optional<Node> node;
        try {
            node = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
            throw wrong(line, "this is not YAML: " + e.getProblem(), remedy(text, line, e.getProblem()));
        } catch (ReaderException e) {
            throw wrong(line(text.substring(0, e.getPosition())), "there is a control character in this line", "the line written anew");
        } catch (YamlEngineException e) {
            throw wrong(0, "this is not YAML: " + e.getMessage().lines().findFirst().orElse(""), right);
        } catch (StackOverflowError e) {
            throw wrong(0, "this is nested too deeply", right);
        }
        if (node.isEmpty()) {
            throw wrong(0, "the file is empty", right);
        }
        if (!(node.get() instanceof MappingNode)) {
            throw wrong(1, "a map of keys belongs here", right);
        }
        return node.get();
    }

    private static String remedy(String text, int line, String problem) {
        if (problem.contains("another document")) {
            return "one document: no line with --- further down";
        }
        String there = text.lines().skip(Math.max(0, line - 1)).findFirst().orElse("");
        return there.matches("\\s*\t.*") ? "blanks instead of tabs"
                : "keys of one map one under the other, a blank after each colon, and quotes and brackets that are closed; look at the line above, too";
    }

    private ConfigException wrong(int line, String wrong, String right) {
        return new ConfigException(file, List.of(new Mistake(line, "", wrong, right)));
    }
}
