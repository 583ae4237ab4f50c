package org.waldur.siteagent.membership;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.waldur.siteagent.config.Offering;

/** Which users have no home directory yet. Bean {@code homes}. */
public final class Homes {

    /**
     * @param passwd output of getent(1): {@code name:x:uid:gid:gecos:home:shell}; whom the machine does not know is not in it
     * @param users  whom it was asked for; it takes a name of digits only for a uid, and tells of somebody else
     * @return names whose home directory is missing
     */
    public List<String> missing(String passwd, List<String> users, Offering offering) {
        List<String> missing = new ArrayList<>();
        for (String line : passwd.split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 7 && users.contains(fields[0])) {
                Path home = offering.backend().homedirBasePath().map(base -> Path.of(base, fields[0])).orElse(Path.of(fields[5]));
                if (!Files.exists(home)) {
                    missing.add(fields[0]);
                }
            }
        }
        return missing;
    }
}
