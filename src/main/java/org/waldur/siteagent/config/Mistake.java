package org.waldur.siteagent.config;

/**
 * What is wrong in a config, and what would be right.
 *
 * @param line  1-based; 0 if it is about the whole file
 * @param key   path of the key, like {@code offerings[0].backend_settings.default_account}; may be empty
 * @param right what would be right; empty if that goes without saying
 */
public record Mistake(int line, String key, String wrong, String right) {
    String text(String file) {
        return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + wrong + (right.isEmpty() ? "" : "; right would be: " + right);
    }
}
