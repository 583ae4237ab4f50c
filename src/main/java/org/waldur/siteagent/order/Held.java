package org.waldur.siteagent.order;

import java.util.List;

/** Nothing is done about an order or an allocation until an operator has looked at it. */
public final class Held extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> facts;

    Held(String message, List<String> facts) {
        super(message, null, false, false);
        this.facts = facts;
    }

    public List<String> facts() {
        return facts;
    }
}
