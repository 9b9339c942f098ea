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
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.privacy.dp.RenyiOrders;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a planned training costs, before anybody trains. */
@Command(
        name = "epsilon",
        mixinStandardHelpOptions = true,
        description = {
            "Compute the epsilon that a training costs each patient, as an upper bound.",
            "The patient is the unit: added or removed with all of their scan windows. In every step each patient is"
                    + " sampled with probability q, their gradient is clipped to norm C, and Gaussian noise of standard"
                    + " deviation sigma times C is added to the sum."
        },
        footer = {
            "",
            "Example: 1,000 steps, one patient in twenty each time:",
            "  commissure privacy epsilon --sampling-rate 0.05 --noise-multiplier 1.2 --steps 1000 --delta 1e-5",
            "",
            "Less epsilon: more noise, fewer steps (local steps times rounds), or a smaller sampling rate.",
            "Delta should lie well below one over the number of patients."
        })
final class EpsilonCommand implements Callable<Integer> {
    private static final String ACCOUNTANT = "rdp";

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
            description = "noise standard deviation divided by the clip norm, above 0")
    private double noiseMultiplier;

    @Option(names = "--steps", required = true, paramLabel = "N", description = "noised steps in all, at least 1")
    private long steps;

    @Option(names = "--delta", required = true, description = "delta of the guarantee, in (0, 1)")
    private double delta;

    @Option(
            names = "--mechanism",
            defaultValue = Charge.GAUSSIAN,
            description = "gaussian, Poisson-subsampled (default: ${DEFAULT-VALUE})")
    private String mechanism = Charge.GAUSSIAN;

    @Option(
            names = "--accountant",
            defaultValue = ACCOUNTANT,
            description = "rdp, Renyi differential privacy (default: ${DEFAULT-VALUE})")
    private String accountant = ACCOUNTANT;

    @Option(
            names = "--orders",
            defaultValue = "all",
            description = "Renyi orders: all, or integer for 2..256, 512 and 1024 alone (default: ${DEFAULT-VALUE})")
    private String orders = "all";

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        supported("--mechanism", mechanism, Charge.GAUSSIAN);
        supported("--accountant", accountant, ACCOUNTANT);
        supported("--orders", orders, "all", "integer");
        check("--sampling-rate", samplingRate, samplingRate > 0 && samplingRate <= 1, "above 0 and at most 1");
        check(
                "--noise-multiplier",
                noiseMultiplier,
                noiseMultiplier > 0 && Double.isFinite(noiseMultiplier),
                "a finite number above 0");
        check("--steps", steps, steps >= 1, "at least 1");
        check("--delta", delta, delta > 0 && delta < 1, "strictly between 0 and 1");

        Guarantee guarantee = RdpAccountant.builder(RenyiOrders.valueOf(orders.toUpperCase(Locale.ROOT)))
                .add(samplingRate, noiseMultiplier, steps)
                .epsilon(delta);
        if (Double.isInfinite(guarantee.epsilon())) {
            throw new UserError(
                    "with --noise-multiplier " + noiseMultiplier + " there is no finite epsilon",
                    "use more noise; a noise multiplier near 1 is common");
        }
        print(guarantee, Output.of(spec));
        return 0;
    }

    private void print(Guarantee guarantee, PrintWriter out) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("epsilon", guarantee.epsilon());
            facts.put("delta", delta);
            facts.put("order", guarantee.order());
            facts.put("accountant", accountant);
            facts.put("orders", orders);
            facts.put("mechanism", mechanism);
            facts.put("relation", "add_or_remove_one");
            facts.put("unit", "patient");
            facts.put("sampling_rate", samplingRate);
            facts.put("noise_multiplier", noiseMultiplier);
            facts.put("steps", steps);
            Output.json(out, facts);
            return;
        }
        out.println("epsilon at most " + rounded(guarantee.epsilon()) + " at delta " + delta
                + " for each patient, added or removed");
        out.println("  mechanism   " + mechanism + ", sampling rate " + samplingRate + ", noise multiplier "
                + noiseMultiplier + ", " + steps + " steps");
        out.println("  accountant  " + accountant + ", best at order " + guarantee.order());
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
