package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A config that is good, for tests to spoil, and the example made good. */
public final class Configs {
    static final Path EXAMPLE = Path.of("examples/waldur-site-agent-config.yaml.example");
    static final String GOOD = """
            sentry_dsn: ""
            offerings:
              - name: Our cluster
                waldur_api_url: https://waldur.site.org/api
                waldur_api_token: s3cr3t
                waldur_offering_uuid: 7C0B0B9E-0B6A-4B4E-9A2C-111111111111
                backend_type: SLURM
                backend_settings:
                  default_account: root
                  customer_prefix: HPC_
                  project_prefix: hpc_
                  allocation_prefix: hpc_
                  allocation_name_max_len: 34
                  enable_user_homedir_account_creation: true
                  default_homedir_umask: "0077"
                backend_components:
                  cpu:
                    limit: 10
                    measured_unit: k-Hours
                    unit_factor: 60000
                    accounting_type: limit
                    label: CPU
                  gres/gpu:
                    unit_factor: 0.1
                    measured_unit: GPU-Hours
                    accounting_type: usage
                    label: GPU
            """;

    private Configs() {
    }

    /** The example, with what everybody has to fill in. */
    public static String filledIn() throws IOException {
        return filledIn(Files.readString(EXAMPLE));
    }

    static String filledIn(String example) {
        return example.replace("waldur.example.com", "waldur.site.org").replace("put-the-token-here", "s3cr3t")
                .replace("00000000-0000-0000-0000-000000000000", "11111111-1111-1111-1111-111111111111");
    }

    /** The good config with one thing changed, which must be in it. In the change, backslash and n begin a new line. */
    static String with(String right, String wrong) {
        if (!GOOD.contains(right)) {
            throw new IllegalArgumentException("the good config has no '" + right + "'");
        }
        return GOOD.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong.replace("\\n", "\n").replace("\\t", "\t")));
    }
}
