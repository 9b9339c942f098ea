package org.commissure.privacy.dp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * A charge as the log tells it: everything that its cost follows from, so that ε can be recomputed from the log alone.
 * Numbers are written so that they read back exactly; ε spent is rounded up and ε left down.
 */
public final class ChargeEntry {
    private static final int DECIMALS = 6;

    private ChargeEntry() {}

    /** What a charge costs; what all charges add up to is not in it. */
    public static LogEntries of(Charge charge, Instant time) {
        LogEntries entry = LogEntries.of(Actions.PRIVACY_CHARGED, Outcome.DONE, time)
                .run(charge.runId())
                .round(charge.round())
                .attempt(charge.attempt())
                .fact("mechanism", charge.mechanism())
                .fact("clip_norm", charge.clipNorm())
                .fact("noise_multiplier", charge.noiseMultiplier())
                .fact("sampling_rate", charge.samplingRate())
                .fact("steps", charge.steps())
                .fact("delta", charge.delta());
        if (charge.share().isPresent()) {
            NoiseShare share = charge.share().get();
            entry = entry.fact("site_sigma", share.siteSigma())
                    .fact("noise_sites", share.sites())
                    .fact("dimension", share.dimension());
            if (share.countMultiplier().isPresent()) {
                entry = entry.fact(
                        "count_noise_multiplier", share.countMultiplier().getAsDouble());
            }
        }
        return entry;
    }

    /**
     * The same with what the site has spent by then, where its policy lets that leave.
     *
     * @param spent ε after this charge, at its δ
     * @param left of the budget
     */
    public static LogEntries stating(LogEntries entry, double spent, double left) {
        return entry.fact("epsilon_spent", decimal(spent, RoundingMode.CEILING))
                .fact("epsilon_left", decimal(left, RoundingMode.FLOOR));
    }

    /** The charge that an entry states. @throws IllegalArgumentException if it does not state one */
    public static Charge read(LogEntry entry) {
        Map<String, String> facts = facts(entry);
        Optional<NoiseShare> share = facts.containsKey("site_sigma")
                ? Optional.of(new NoiseShare(
                        Double.parseDouble(required(facts, "site_sigma")),
                        Integer.parseInt(required(facts, "noise_sites")),
                        Long.parseLong(required(facts, "dimension")),
                        facts.containsKey("count_noise_multiplier")
                                ? OptionalDouble.of(Double.parseDouble(required(facts, "count_noise_multiplier")))
                                : OptionalDouble.empty()))
                : Optional.empty();
        return new Charge(
                entry.getRunId(),
                entry.getRound(),
                entry.getAttempt(),
                required(facts, "mechanism"),
                Double.parseDouble(required(facts, "clip_norm")),
                Double.parseDouble(required(facts, "noise_multiplier")),
                Double.parseDouble(required(facts, "sampling_rate")),
                Long.parseLong(required(facts, "steps")),
                Double.parseDouble(required(facts, "delta")),
                Instant.ofEpochMilli(entry.getTimeUnixMs()),
                share);
    }

    /** ε that the site stated to have spent with it, as text; empty where its policy keeps that to itself. */
    public static Optional<String> stated(LogEntry entry) {
        return Optional.ofNullable(facts(entry).get("epsilon_spent"));
    }

    /** ε as {@link #of} writes it. */
    public static String spent(double epsilon) {
        return decimal(epsilon, RoundingMode.CEILING);
    }

    private static Map<String, String> facts(LogEntry entry) {
        return entry.getFactList().stream()
                .collect(Collectors.toMap(Fact::getName, Fact::getValue, (first, second) -> first));
    }

    private static String required(Map<String, String> facts, String name) {
        String value = facts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the charge does not state its '" + name + "'");
        }
        return value;
    }

    /** Rounded against the reader's hope: an upper bound stays one. */
    private static String decimal(double value, RoundingMode rounding) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(DECIMALS, rounding).toPlainString()
                : "unbounded";
    }
}
