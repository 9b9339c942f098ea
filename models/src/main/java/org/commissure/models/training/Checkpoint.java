package org.commissure.models.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.RepetitionTime;
import org.commissure.models.brainlm.VitMaeConfiguration;

/**
 * All that a run needs to go on as if it had never stopped.
 *
 * @param step steps taken so far
 * @param facts of the plan, the model and the cohort; a run with other facts refuses the checkpoint
 * @param anchor FedProx's w₀; empty if the plan has no proximal term
 * @param best the best evaluation so far
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to or from a file; never compared
public record Checkpoint(
        long step,
        Map<String, String> facts,
        float[] parameters,
        float[] anchor,
        OptimiserState optimiser,
        Optional<BestEvaluation> best) {

    /** Everything that decides what a run computes. */
    static Map<String, String> facts(TrainingPlan plan, ModelConfiguration model, List<? extends Scan> scans) {
        Map<String, String> facts = new LinkedHashMap<>(plan.facts());
        facts.put("model", model.preset());
        facts.put("window", model.parcels() + " parcels × " + model.windowFrames() + " frames");
        facts.put("tokens", Integer.toString(model.tokens()));
        facts.put("parameters", Integer.toString(model.layout().parameterCount()));
        facts.put("tensors", sha256(model.layout().tensors().toString()));
        if (model instanceof BrainLmConfiguration c) {
            facts.put("encoder", c.encoder().toString());
            facts.put("decoder", c.decoder().toString());
            facts.put("variant", c.variant() + ", loss " + c.loss() + ", dropout " + c.dropout());
            facts.put("parcel coordinates", sha256(Arrays.deepToString(c.coordinatesMillimetres())));
        }
        if (model instanceof VitMaeConfiguration c) {
            facts.put("encoder", c.encoder().toString());
            facts.put("decoder", c.decoder().toString());
            facts.put("image", c.imageSize() + " in patches of " + c.patch() + ", divisor " + c.divisor());
            facts.put("mode", c.mode() + ", mask ratio " + c.maskRatio());
            facts.put("parcel order", sha256(Arrays.toString(c.order())));
        }
        if (RepetitionTime.isNeeded(model)) {
            facts.put(
                    "repetition times",
                    sha256(scans.stream()
                            .map(Scan::repetitionTimeSeconds)
                            .toList()
                            .toString()));
        }
        facts.put("scans", Integer.toString(scans.size()));
        facts.put(
                "frames of the scans",
                sha256(scans.stream().map(Scan::frames).toList().toString()));
        return facts;
    }

    /** What differs, in words, one line per fact; empty if nothing does. */
    public List<String> differences(Map<String, String> ofRun) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(facts.keySet());
        names.addAll(ofRun.keySet());
        for (String name : names) {
            String then = facts.getOrDefault(name, "none");
            String now = ofRun.getOrDefault(name, "none");
            if (!then.equals(now)) {
                differences.add(name + ": " + then + " in the checkpoint, " + now + " in this run");
            }
        }
        return differences;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
