package org.commissure.site.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.Guarantee;
import org.commissure.privacy.dp.Mechanism;
import org.commissure.privacy.dp.PoissonGaussian;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.privacy.dp.Relation;
import org.commissure.privacy.dp.RenyiOrders;
import org.commissure.privacy.dp.SummedDiscreteGaussian;
import org.commissure.privacy.dp.pld.Grid;
import org.commissure.privacy.dp.pld.LossBound;
import org.commissure.privacy.dp.pld.PldAccountant;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a planned training costs, before anybody trains. */
@Command(
        name = "epsilon",
        mixinStandardHelpOptions = true,
        description = {
            "Compute the epsilon that a training costs each patient, as an upper bound.",
            "The patient is the unit, with all of their scan windows. In every step each patient is sampled with"
                    + " probability q, their gradient is clipped to norm C, and noise of sigma times C is added to the"
                    + " sum.",
            "The printed error says how far the computation itself may have put epsilon above the value that its"
                    + " accountant stands for."
        },
        footer = {
            "",
            "Example: 1,000 steps, one patient in twenty each time:",
            "  commissure privacy epsilon --sampling-rate 0.05 --noise-multiplier 1.2 --steps 1000 --delta 1e-5",
            "",
            "The same, tighter, and for a patient who is replaced by another:",
            "  commissure privacy epsilon --sampling-rate 0.05 --noise-multiplier 1.2 --steps 1000 --delta 1e-5"
                    + " --accountant pld --relation replace-one",
            "",
            "Less epsilon: more noise, fewer steps (local steps times rounds), or a smaller sampling rate.",
            "Delta should lie well below one over the number of patients."
        })
final class EpsilonCommand implements Callable<Integer> {
    private static final String RDP = "rdp";
    private static final String PLD = "pld";
    private static final String DISCRETE_GAUSSIAN = "discrete-gaussian";

    /** The Rényi bound is a formula: what its evaluation rounds, against references, relative. */
    private static final double RDP_ROUNDING = 1e-9;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--sampling-rate",
            required = true,
            paramLabel = "Q",
            description = "probability with which a patient takes part in one step, in (0, 1]")
    private double samplingRate;

    @Option(
            names = "--noise-multiplier",
            required = true,
            paramLabel = "SIGMA",
            description = "noise of the sum divided by the clip norm (L2 sensitivity), above 0")
    private double noiseMultiplier;

    @Option(names = "--steps", required = true, paramLabel = "N", description = "noised steps in all, at least 1")
    private long steps;

    @Option(names = "--delta", required = true, description = "delta of the guarantee, in (0, 1)")
    private double delta;

    @Option(
            names = "--mechanism",
            defaultValue = Charge.GAUSSIAN,
            description = "gaussian, or discrete-gaussian, integers with integer noise of one or more sites added up"
                    + " (default: ${DEFAULT-VALUE})")
    private String mechanism = Charge.GAUSSIAN;

    @Option(
            names = "--accountant",
            defaultValue = RDP,
            description = "rdp, Renyi differential privacy, as the site's ledger counts; or pld, privacy loss"
                    + " distributions, tighter (default: ${DEFAULT-VALUE})")
    private String accountant = RDP;

    @Option(
            names = "--relation",
            defaultValue = "add-remove",
            description = "which data sets are compared: add-remove, one patient more or less; or replace-one"
                    + " (default: ${DEFAULT-VALUE})")
    private String relation = "add-remove";

    @Option(
            names = "--orders",
            defaultValue = "all",
            description = "rdp: Renyi orders, all, or integer for 2..256, 512 and 1024 alone"
                    + " (default: ${DEFAULT-VALUE})")
    private String orders = "all";

    @Option(
            names = "--finest-interval",
            paramLabel = "H",
            description = "pld: go down to this grid interval if a small error needs it; 1e-6 is tight for many small"
                    + " steps (default: ${DEFAULT-VALUE})")
    private double finestInterval = PldAccountant.USUAL_INTERVAL;

    @Mixin
    private DiscreteNoiseOptions discrete = new DiscreteNoiseOptions();

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        supported("--mechanism", mechanism, Charge.GAUSSIAN, DISCRETE_GAUSSIAN);
        supported("--accountant", accountant, RDP, PLD);
        supported("--relation", relation, Relation.ADD_REMOVE.label(), Relation.REPLACE_ONE.label());
        supported("--orders", orders, "all", "integer");
        check("--sampling-rate", samplingRate, samplingRate > 0 && samplingRate <= 1, "above 0 and at most 1");
        check(
                "--noise-multiplier",
                noiseMultiplier,
                noiseMultiplier > 0 && Double.isFinite(noiseMultiplier),
                "a finite number above 0");
        check("--steps", steps, steps >= 1, "at least 1");
        check("--delta", delta, delta > 0 && delta < 1, "strictly between 0 and 1");
        check("--finest-interval", finestInterval, finestInterval >= 1e-9 && finestInterval <= 1, "between 1e-9 and 1");

        Map<String, Object> facts = new LinkedHashMap<>();
        Answer answer;
        try {
            Mechanism step = mechanism.equals(DISCRETE_GAUSSIAN)
                    ? discrete.mechanism(samplingRate, noiseMultiplier)
                    : new PoissonGaussian(samplingRate, noiseMultiplier);
            answer = accountant.equals(PLD) ? byLoss(step, facts) : byRenyi(step, facts);
            describe(step, facts);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "correct that option, or use --accountant rdp, which covers more",
                    e);
        }
        print(answer, facts, Output.of(spec));
        return 0;
    }

    private record Answer(double epsilon, double error, String how) {}

    private Relation neighbours() {
        return relation.equals(Relation.ADD_REMOVE.label()) ? Relation.ADD_REMOVE : Relation.REPLACE_ONE;
    }

    private Answer byRenyi(Mechanism step, Map<String, Object> facts) {
        Guarantee guarantee = RdpAccountant.builder(RenyiOrders.valueOf(orders.toUpperCase(Locale.ROOT)), neighbours())
                .add(step, steps)
                .epsilon(delta);
        Answer answer = answer(
                guarantee.epsilon(), guarantee.epsilon() * RDP_ROUNDING, "best at order " + guarantee.order(), facts);
        facts.put("order", guarantee.order());
        facts.put("orders", orders);
        return answer;
    }

    private Answer byLoss(Mechanism step, Map<String, Object> facts) {
        LossBound bound = PldAccountant.of(neighbours(), finestInterval, Grid.CONNECT_DOTS)
                .add(step, steps)
                .epsilon(delta);
        Answer answer = answer(bound.epsilon(), bound.error(), "grid interval " + bound.interval(), facts);
        facts.put("interval", bound.interval());
        return answer;
    }

    private Answer answer(double epsilon, double error, String how, Map<String, Object> facts) {
        if (Double.isInfinite(epsilon)) {
            throw new UserError(
                    "with --noise-multiplier " + noiseMultiplier + " there is no finite epsilon",
                    "use more noise; a noise multiplier near 1 is common");
        }
        facts.put("epsilon", epsilon);
        facts.put("error", error);
        facts.put("delta", delta);
        facts.put("accountant", accountant);
        return new Answer(epsilon, error, how);
    }

    private void describe(Mechanism step, Map<String, Object> facts) {
        facts.put("mechanism", mechanism);
        facts.put("relation", relation);
        facts.put("unit", "patient");
        facts.put("sampling_rate", samplingRate);
        facts.put("noise_multiplier", noiseMultiplier);
        facts.put("steps", steps);
        if (step instanceof SummedDiscreteGaussian sum) {
            facts.put("party_sigma", sum.partySigma());
            facts.put("parties", sum.parties());
            facts.put("dimension", sum.dimension());
            facts.put("l1_sensitivity", sum.l1Sensitivity());
            facts.put("l2_sensitivity", sum.l2Sensitivity());
        }
    }

    private void print(Answer answer, Map<String, Object> facts, PrintWriter out) {
        if (json) {
            Output.json(out, facts);
            return;
        }
        out.println("epsilon at most " + rounded(answer.epsilon()) + " at delta " + delta + " for each patient, "
                + neighbours().meaning());
        out.println("  mechanism   " + mechanism + ", sampling rate " + samplingRate + ", noise multiplier "
                + noiseMultiplier + ", " + steps + " steps");
        out.println("  accountant  " + accountant + ", " + answer.how());
        out.printf(Locale.ROOT, "  error       %.1e, contained in epsilon%n", answer.error());
        out.flush();
    }

    /** Up, because it is printed as an upper bound. */
    static String rounded(double epsilon) {
        return new BigDecimal(epsilon).setScale(4, RoundingMode.CEILING).toPlainString();
    }

    private static void supported(String option, String value, String... choices) {
        for (String choice : choices) {
            if (choice.equals(value)) {
                return;
            }
        }
        throw new UserError(
                option + " '" + value + "' is not supported",
                "supported for " + option + ": " + String.join(", ", choices));
    }

    private static void check(String option, Number value, boolean holds, String range) {
        if (!holds) {
            throw new UserError(option + " is " + value, option + " must be " + range);
        }
    }
}
