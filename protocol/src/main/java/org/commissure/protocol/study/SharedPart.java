package org.commissure.protocol.study;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.Set;

/**
 * Which parameters of a model a training sum is of. The others stay at each site, trained there ({@link LocalTensors}), or
 * are left as released ({@link FrozenTensors}); neither is ever encoded, so that the masked vector is shorter by them.
 * Everybody computes this from the names and sizes of the model's tensors, and compares {@link #sha256}. Immutable.
 */
public final class SharedPart {
    private final List<Tensor> tensors;
    private final Map<Fate, List<Span>> spans = new EnumMap<>(Fate.class);
    private final Map<Fate, List<String>> names = new EnumMap<>(Fate.class);
    private final int parameters;
    private final ByteString sha256;

    /** One tensor of a model, in the order of the flat vector. */
    public record Tensor(String name, int length) {}

    /** Neighbouring parameters of the flat vector. */
    public record Span(int offset, int length) {
        public int end() {
            return offset + length;
        }
    }

    /** What becomes of a tensor. */
    public enum Fate {
        /** Summed over the sites. */
        SHARED,
        /** Each site's own. */
        LOCAL,
        /** As the run started with it. */
        FROZEN
    }

    private SharedPart(List<Tensor> tensors, List<Fate> fates) {
        this.tensors = List.copyOf(tensors);
        for (Fate fate : Fate.values()) {
            spans.put(fate, new ArrayList<>());
            names.put(fate, new ArrayList<>());
        }
        StringBuilder said = new StringBuilder();
        int offset = 0;
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            add(spans.getOrDefault(fates.get(i), List.of()), new Span(offset, tensor.length()));
            names.getOrDefault(fates.get(i), List.of()).add(tensor.name());
            said.append(tensor.name())
                    .append('\t')
                    .append(tensor.length())
                    .append('\t')
                    .append(fates.get(i))
                    .append('\n');
            offset = Math.addExact(offset, tensor.length());
        }
        parameters = offset;
        sha256 = isWhole() ? ByteString.EMPTY : hash(said.toString());
    }

    private static void add(List<Span> spans, Span next) {
        boolean adjoins = !spans.isEmpty() && spans.getLast().end() == next.offset();
        if (adjoins) {
            Span before = spans.removeLast();
            spans.add(new Span(before.offset(), before.length() + next.length()));
        } else {
            spans.add(next);
        }
    }

    /** All of a model of that many parameters. */
    public static SharedPart whole(int parameters) {
        return new SharedPart(List.of(new Tensor("", parameters)), List.of(Fate.SHARED));
    }

    /**
     * @param tensors of the whole model
     * @throws StudyException if a name of the study is no tensor's, names a tensor twice, or nothing is left to share
     */
    public static SharedPart of(Training training, List<Tensor> tensors) {
        List<String> local = training.local().map(LocalTensors::tensors).orElse(List.of());
        List<String> frozen = training.partial().map(FrozenTensors::frozen).orElse(List.of());
        List<Fate> fates = new ArrayList<>();
        for (Tensor tensor : tensors) {
            boolean own = TensorNames.anyMatches(local, tensor.name());
            boolean fixed = TensorNames.anyMatches(frozen, tensor.name());
            if (own && fixed) {
                throw new StudyException(
                        FrozenTensors.KEY,
                        "names " + tensor.name() + ", which " + LocalTensors.KEY + " names too; a tensor is frozen or"
                                + " each site's own");
            }
            fates.add(own ? Fate.LOCAL : fixed ? Fate.FROZEN : Fate.SHARED);
        }
        TensorNames.requireAllUsed(LocalTensors.KEY, local, tensors);
        TensorNames.requireAllUsed(FrozenTensors.KEY, frozen, tensors);
        if (!fates.contains(Fate.SHARED)) {
            throw new StudyException(
                    local.isEmpty() ? FrozenTensors.KEY : LocalTensors.KEY,
                    "leaves no tensor that sites learn together; name fewer");
        }
        return new SharedPart(tensors, fates);
    }

    /** All tensors but those, which stay as they are. */
    static SharedPart allBut(Set<String> frozen, List<Tensor> tensors) {
        return new SharedPart(
                tensors,
                tensors.stream()
                        .map(tensor -> frozen.contains(tensor.name()) ? Fate.FROZEN : Fate.SHARED)
                        .toList());
    }

    /** Whether every parameter is shared. */
    public boolean isWhole() {
        return spans(Fate.SHARED).size() == 1 && length() == parameters;
    }

    /** Of the whole model. */
    public int parameters() {
        return parameters;
    }

    /** Of the shared part. */
    public int length() {
        return length(Fate.SHARED);
    }

    public int length(Fate fate) {
        return spans(fate).stream().mapToInt(Span::length).sum();
    }

    /** In ascending order, with gaps between them. */
    public List<Span> spans(Fate fate) {
        return List.copyOf(spans.getOrDefault(fate, List.of()));
    }

    /** Places of the shared parameters in the flat vector, in ascending order; at least one. */
    public PrimitiveIterator.OfInt positions() {
        return new Positions(spans(Fate.SHARED));
    }

    /** Not a stream's iterator: that of a flat map buffers a whole span. */
    private static final class Positions implements PrimitiveIterator.OfInt {
        private final List<Span> spans;
        private int span;
        private int place;

        Positions(List<Span> spans) {
            this.spans = spans;
        }

        @Override
        public boolean hasNext() {
            return span < spans.size();
        }

        @Override
        public int nextInt() {
            if (!hasNext()) {
                throw new NoSuchElementException("all shared parameters are passed");
            }
            Span now = spans.get(span);
            int next = now.offset() + place++;
            if (place == now.length()) {
                span++;
                place = 0;
            }
            return next;
        }
    }

    /** Tensors of that fate by name, in the order of the flat vector. */
    public List<String> names(Fate fate) {
        return List.copyOf(names.getOrDefault(fate, List.of()));
    }

    /** All tensors of the model. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** Of names, lengths and fates of all tensors; empty where all of the model is shared. */
    public ByteString sha256() {
        return sha256;
    }

    /** {@code [length(fate)]}: those values of a flat vector; the vector itself where that is all of it. */
    public float[] gather(Fate fate, float[] flat) {
        if (fate == Fate.SHARED && isWhole()) {
            return flat;
        }
        float[] some = new float[length(fate)];
        int at = 0;
        for (Span span : spans(fate)) {
            System.arraycopy(flat, span.offset(), some, at, span.length());
            at += span.length();
        }
        return some;
    }

    /** Puts {@code some}, of {@link #gather}, into its places. */
    public void scatter(Fate fate, float[] some, float[] flat) {
        int at = 0;
        for (Span span : spans(fate)) {
            System.arraycopy(some, at, flat, span.offset(), span.length());
            at += span.length();
        }
    }

    /** Sets those values of a flat vector to 0. */
    public void clear(Fate fate, float[] flat) {
        for (Span span : spans(fate)) {
            Arrays.fill(flat, span.offset(), span.end(), 0);
        }
    }

    private static ByteString hash(String text) {
        try {
            return ByteString.copyFrom(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
