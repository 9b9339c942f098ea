package org.commissure.site.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/** What a plan changes against another, key by key. */
public final class PlanDiff {
    private static final int SHOWN = 70;

    private PlanDiff() {}

    /** @param before null (empty text) where the key is new; @param after empty where it is gone */
    public record Change(String key, String before, String after) {}

    /** In the new plan's order, then what is gone. */
    public static List<Change> between(SignedPlan before, SignedPlan after) {
        Map<String, String> old = facts(before);
        Map<String, String> now = facts(after);
        Set<String> keys = new LinkedHashSet<>(now.keySet());
        keys.addAll(old.keySet());
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            if (!Objects.equals(old.get(key), now.get(key))) {
                changes.add(new Change(key, shown(old.get(key)), shown(now.get(key))));
            }
        }
        return changes;
    }

    /** Everything a plan says, by key. */
    public static Map<String, String> facts(SignedPlan plan) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("legal_basis", plan.legalBasis());
        facts.put("code", plan.codeSha256().orElse("any that this site approves"));
        facts.put("expires", plan.expires().toString());
        try {
            facts.putAll(StrictToml.flat(plan.study().text()));
        } catch (TomlException e) {
            throw new IllegalStateException("a study that was parsed before", e);
        }
        return facts;
    }

    private static String shown(@org.jspecify.annotations.Nullable String value) {
        if (value == null) {
            return "";
        }
        return value.length() <= SHOWN
                ? value
                : value.substring(0, SHOWN) + "… (" + value.length() + " characters, "
                        + Integer.toHexString(value.hashCode()) + ")";
    }
}
