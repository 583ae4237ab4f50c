package org.waldur.siteagent.membership;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.plan.NotAsPlanned;

/**
 * Users that the machine knows.
 *
 * @param homes where the home directory of each is, whether it exists or not
 */
public record Passwd(SortedMap<String, Path> homes) {

    /**
     * @param answers of getent(1), in lines {@code name:x:uid:gid:gecos:home:shell}; whom the machine does not know is not in them
     * @param asked   for whom it was asked: it takes a name of digits only for a uid, and tells of somebody else
     * @throws NotAsPlanned for an answer whose last line has no end: getent died while it printed, and who is missing may be known after all
     */
    static Passwd of(List<String> answers, Collection<String> asked) {
        answers.stream().filter(answer -> !answer.isEmpty() && !answer.endsWith("\n")).findFirst().ifPresent(cut -> {
            throw new NotAsPlanned("the answer of getent is cut: its last line has no end");
        });
        Set<String> names = new HashSet<>(asked);
        SortedMap<String, Path> homes = new TreeMap<>();
        answers.stream().flatMap(String::lines).map(line -> line.split(":", -1)).filter(fields -> fields.length >= 7 && names.contains(fields[0]))
                .forEach(fields -> homes.put(fields[0], Path.of(fields[5])));
        return new Passwd(homes);
    }

    /** Their names. */
    public SortedSet<String> names() {
        return new TreeSet<>(homes.keySet());
    }

    public boolean knows(String name) {
        return homes.containsKey(name);
    }

    /** Where their home directories are beneath a base path, which counts before what the machine says. */
    Map<String, Path> beneath(Path base) {
        SortedMap<String, Path> moved = new TreeMap<>();
        homes.keySet().forEach(name -> moved.put(name, base.resolve(name)));
        return moved;
    }
}
