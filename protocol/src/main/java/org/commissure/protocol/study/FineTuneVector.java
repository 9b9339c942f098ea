package org.commissure.protocol.study;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The vector that a study of kind finetune trains and releases: how far the encoder, the head and the baseline are from
 * where they start. Everybody knows the start (the released model; a head from the study's seed; a baseline of zeros),
 * so a run begins with zeros and what is not trained is neither sent nor noised.
 *
 * @param encoder its parameters in the order of the released model, which has them before all others; 0 where the
 *     encoder stays
 * @param head layer by layer, weights {@code [out, in]} and biases
 * @param mean the baseline that says the same of everybody: one number for each output
 * @param baselines what the sums of the study's baselines publish, which training leaves as it is; 0 where it has none
 */
public record FineTuneVector(int encoder, int head, int mean, int baselines) {
    private static final String BASELINES = "baselines";

    /** @throws IllegalArgumentException if the study does not fine-tune */
    public static FineTuneVector of(Study study) {
        FineTunePlan plan = study.finetune()
                .orElseThrow(() -> new IllegalArgumentException("the study does not fine-tune a model"));
        Network.Transformer sizes = (Network.Transformer) study.model().network();
        int encoder = plan.trainable() == FineTunePlan.Trainable.ALL
                ? encoder(sizes.encoder(), study.model().patchFrames())
                : 0;
        int outputs = plan.target().outputs();
        int head = 0;
        int in = sizes.encoder().hidden();
        for (int out : plan.hidden()) {
            head += linear(in, out);
            in = out;
        }
        return new FineTuneVector(
                encoder,
                head + linear(in, outputs),
                outputs,
                study.baselines()
                        .map(PhenotypeVectors::of)
                        .map(PhenotypeVectors::published)
                        .orElse(0));
    }

    public int length() {
        return Math.addExact(trained(), baselines);
    }

    /** What is trained: all but the baselines', before them. */
    public int trained() {
        return Math.addExact(encoder, head + mean);
    }

    /** The vector's parts that are not empty, in its order. */
    public List<SharedPart.Tensor> tensors() {
        return Stream.of(
                        new SharedPart.Tensor("encoder", encoder),
                        new SharedPart.Tensor("head", head),
                        new SharedPart.Tensor("mean", mean),
                        new SharedPart.Tensor(BASELINES, baselines))
                .filter(tensor -> tensor.length() > 0)
                .toList();
    }

    /** What training sums are of. */
    public SharedPart shared() {
        return SharedPart.allBut(Set.of(BASELINES), tensors());
    }

    /** CLS token, projections of patch and coordinates, layers of two norms, attention and feed-forward, a last norm. */
    private static int encoder(Network.Stack stack, int patchFrames) {
        int width = stack.hidden();
        int layer = 2 * norm(width)
                + 4 * linear(width, width)
                + linear(width, stack.feedForward())
                + linear(stack.feedForward(), width);
        return Math.addExact(
                width + linear(patchFrames, width) + linear(3, width) + norm(width),
                Math.multiplyExact(stack.layers(), layer));
    }

    private static int linear(int in, int out) {
        return Math.addExact(Math.multiplyExact(in, out), out);
    }

    private static int norm(int width) {
        return 2 * width;
    }
}
