package org.waldur.siteagent.waldur;

import java.io.IOException;

/** An answer of more than can be held. Asking again would not make it smaller. */
final class AnswerTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    AnswerTooLarge(long most) {
        super("the answer is larger than " + (most >> 20) + " MB");
    }
}
