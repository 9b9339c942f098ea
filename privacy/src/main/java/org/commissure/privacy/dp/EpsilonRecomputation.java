package org.commissure.privacy.dp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LoggedEntry;

/**
 * A site's charges as the log states them, and what they add up to: computed from the log alone, in its order, by the
 * accountant of the ledger. Immutable.
 *
 * @param charges oldest first; an entry that repeats one counts once
 * @param stated ε as the last charge's entry states it, empty where there is none
 * @param differences where the site stated something else than follows from its entries; empty if nowhere
 */
public record EpsilonRecomputation(List<Charge> charges, Optional<String> stated, List<String> differences) {
    public EpsilonRecomputation {
        charges = List.copyOf(charges);
        differences = List.copyOf(differences);
    }

    /**
     * @param entries of a verified log
     * @param site whose charges are added up
     */
    public static EpsilonRecomputation of(List<LoggedEntry> entries, String site) {
        List<Charge> charges = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        Optional<String> stated = Optional.empty();
        for (LoggedEntry logged : entries) {
            if (!logged.actorName().equals(site) || !logged.entry().getAction().equals(Actions.PRIVACY_CHARGED)) {
                continue;
            }
            try {
                Charge charge = ChargeEntry.read(logged.entry());
                Optional<Charge> before =
                        charges.stream().filter(charge::isSameUpdate).findFirst();
                if (before.isPresent()) {
                    if (!before.get().costsTheSame(charge)) {
                        differences.add("entry " + logged.index() + " states another cost of an update than before");
                    }
                    continue;
                }
                charges.add(charge);
                Optional<String> spent = ChargeEntry.stated(logged.entry());
                String follows = ChargeEntry.spent(
                        LedgerContents.compose(charges, charge.delta()).epsilon());
                if (spent.isPresent() && !spent.get().equals(follows)) {
                    differences.add("entry " + logged.index() + " states that epsilon " + spent.get()
                            + " was spent; from the log follows " + follows);
                }
                stated = spent;
            } catch (IllegalArgumentException e) { // also NumberFormatException
                differences.add("entry " + logged.index() + " is not understood: " + e.getMessage());
            }
        }
        return new EpsilonRecomputation(charges, stated, differences);
    }

    /** ε of all charges, composed. */
    public Guarantee spent(double delta) {
        return LedgerContents.compose(charges, delta);
    }

    /** Where a ledger says something else; empty if it holds the same charges. */
    public List<String> differencesFrom(LedgerContents ledger) {
        List<String> found = new ArrayList<>();
        for (Charge charge : ledger.charges()) {
            if (charges.stream().noneMatch(logged -> isEqual(logged, charge))) {
                found.add("the log lacks the ledger's charge of " + name(charge));
            }
        }
        for (Charge charge : charges) {
            if (ledger.charges().stream().noneMatch(held -> isEqual(held, charge))) {
                found.add("the ledger lacks the log's charge of " + name(charge));
            }
        }
        return found;
    }

    private static boolean isEqual(Charge one, Charge other) {
        return one.isSameUpdate(other) && one.costsTheSame(other);
    }

    private static String name(Charge charge) {
        return "run " + charge.runId() + " round " + charge.round() + " attempt " + charge.attempt();
    }
}
