package org.waldur.siteagent.membership;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.waldur.Text;

/** What the site says of an offering user. */
public sealed interface SiteAnswer {

    /** Whether what once failed about him is of the past. */
    default boolean settles() {
        return true;
    }

    /** He is called so. @param username checked, and nobody else's */
    record Named(String username) implements SiteAnswer {
    }

    /** He has no name yet, and nothing is wrong with that. */
    record NotYet() implements SiteAnswer {
    }

    /**
     * He has to link his account first.
     *
     * @param comment what he reads
     * @param url     where he does it; may be empty
     */
    record Linking(String comment, String url) implements SiteAnswer {
        private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"']+");
        private static final int LONGEST_COMMENT = 1_000;
        private static final int LONGEST_URL = 200;

        /** @param text the whole is the comment, and the first address in it the url */
        static Linking of(String text) {
            Matcher found = URL.matcher(text);
            return new Linking(Text.oneLine(text, LONGEST_COMMENT), found.find() && isUrl(found.group()) ? found.group() : "");
        }

        private static boolean isUrl(String url) {
            try {
                return url.length() <= LONGEST_URL && new URI(url).getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }

    /** He cannot be given a name until somebody has mended something, which a dead letter says. */
    record Refused() implements SiteAnswer {
        @Override
        public boolean settles() {
            return false;
        }
    }

    /** Whoever gives names could not be asked, which is not his fault. */
    record Unknown() implements SiteAnswer {
        @Override
        public boolean settles() {
            return false;
        }
    }

    /** He is to be deleted, and whether he is still in an account was not looked at. */
    record Leaving() implements SiteAnswer {
    }

    /** He is to be deleted, and is in no account of the offering any more. */
    record Gone() implements SiteAnswer {
    }
}
