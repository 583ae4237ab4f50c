package org.waldur.siteagent.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.plan.Change.PopulateAccount;

class NewAllocationsTest {
    private static final String ORDER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String RESOURCE = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String GOOD = "{\"order\": \"" + ORDER + "\", \"resource\": \"" + RESOURCE + "\", \"account\": \"hpc_one\"}";
    @TempDir
    private Path state;

    private static PopulateAccount allocation(String resource) {
        return new PopulateAccount(new TreeSet<>(Set.of(ORDER)), ORDER, resource, "hpc_one", "");
    }

    @Test
    void whatIsAddedIsThereUntilItIsRemoved() {
        NewAllocations allocations = new NewAllocations(state);
        allocations.add("offering", allocation(RESOURCE));
        assertThat(new NewAllocations(state).of("offering")).singleElement().satisfies(a -> {
            assertThat(a.order()).isEqualTo(ORDER);
            assertThat(a.resource()).isEqualTo(RESOURCE);
            assertThat(a.account()).isEqualTo("hpc_one");
        });
        assertThat(allocations.of("other")).isEmpty();
        allocations.remove("offering", allocation(RESOURCE));
        assertThat(allocations.of("offering")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "null", "[]", "\u0000", "{\"order\": \"" + ORDER + "\", \"resource\": \"" + RESOURCE + "\"}",
        "{\"order\": \"x\", \"resource\": \"" + RESOURCE + "\", \"account\": \"hpc_one\"}",
        "{\"order\": \"" + ORDER + "\", \"resource\": \"" + RESOURCE + "\", \"account\": \"-rf root\"}"})
    void aFileOfSomethingElseIsLeftAloneAndTheOthersAreFound(String text) throws IOException {
        Path folder = Files.createDirectories(state.resolve("new-allocations/offering"));
        Path file = Files.writeString(folder.resolve(RESOURCE + ".json"), text);
        Files.writeString(folder.resolve("copy.json"), GOOD);
        Files.createDirectory(folder.resolve("folder.json"));
        NewAllocations allocations = new NewAllocations(state);
        allocations.add("offering", allocation("c".repeat(32)));
        assertThat(allocations.of("offering")).extracting(PopulateAccount::resource).containsExactly("c".repeat(32));
        assertThat(file).hasContent(text);
    }
}
