package org.waldur.siteagent.cli;

/** Config or routes cannot be used; the message has every mistake, a line each. */
final class WrongConfig extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongConfig(String message) {
        super(message, null, false, false);
    }
}
