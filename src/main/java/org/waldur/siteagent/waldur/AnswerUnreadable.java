package org.waldur.siteagent.waldur;

/** What Waldur (or something in front of it) answered is not what was asked for, so nothing is known. */
public final class AnswerUnreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AnswerUnreadable(String why) {
        super(why, null, false, false);
    }
}
