package org.commissure.site.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.dp.OneRunAudit;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares what a training claims with what an attack on canaries measured. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Compute a lower bound of epsilon from one training with canaries, and compare it with the claim.",
            "Each canary was put into the training data or left out by a fair coin. An attacker who sees the result"
                    + " guesses about some of them. Too many right guesses refute the claimed epsilon.",
            "A measured value below the claim proves nothing: a better attack may exist."
        },
        footer = {
            "",
            "Example: 1,000 canaries, 200 guesses, 190 of them right:",
            "  commissure privacy audit --claimed-epsilon 8 --canaries 1000 --guesses 200 --correct 190 --delta 1e-5",
            "",
            "Exit status: 0 the claim is not violated, 1 it is violated."
        })
final class PrivacyAuditCommand implements Callable<Integer> {
    @Option(
            names = "--claimed-epsilon",
            required = true,
            paramLabel = "EPSILON",
            description = "what the training claims, as privacy epsilon or the ledger says")
    private double claimed;

    @Option(
            names = {"--canaries", "--m"},
            required = true,
            paramLabel = "M",
            description = "examples that a fair coin put in or left out")
    private int canaries;

    @Option(
            names = {"--guesses", "--r"},
            required = true,
            paramLabel = "R",
            description = "canaries that the attacker guessed about")
    private int guesses;

    @Option(
            names = {"--correct", "--v"},
            required = true,
            paramLabel = "V",
            description = "guesses that were right")
    private int correct;

    @Option(names = "--delta", required = true, description = "delta of the claim, in [0, 1)")
    private double delta;

    @Option(
            names = "--significance",
            paramLabel = "P",
            description = "probability with which the measured value may be wrong (default: ${DEFAULT-VALUE})")
    private double significance = 0.05;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (!(claimed >= 0)) {
            throw new UserError("--claimed-epsilon is " + claimed, "--claimed-epsilon must be at least 0");
        }
        double measured;
        try {
            measured = new OneRunAudit(canaries, guesses, correct, delta, significance).epsilonLowerBound();
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
        boolean violated = measured > claimed;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("claimed_epsilon", claimed);
        facts.put("measured_epsilon", measured);
        facts.put("violated", violated);
        facts.put("canaries", canaries);
        facts.put("guesses", guesses);
        facts.put("correct", correct);
        facts.put("delta", delta);
        facts.put("significance", significance);
        output.print(facts, lines -> {
            lines.println("claimed <= " + claimed + ", measured >= "
                    + new BigDecimal(measured).setScale(4, RoundingMode.FLOOR).toPlainString() + ": "
                    + (violated ? "violated" : "not violated"));
            lines.println("  " + correct + " of " + guesses + " guesses right, " + canaries + " canaries, delta "
                    + delta + ", significance " + significance);
        });
        return violated ? 1 : 0;
    }
}
