package org.waldur.siteagent.membership;

/** What was to become somebody's username cannot be one, or is another's. Nothing of it was sent. */
public final class UsernameRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsernameRefused(String message) {
        super(message);
    }
}
