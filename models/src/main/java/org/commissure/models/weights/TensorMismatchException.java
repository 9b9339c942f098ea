package org.commissure.models.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A file's tensors are not the model's. Lists every difference by name. */
public final class TensorMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> missing;
    private final transient List<String> extra;
    private final transient List<String> misshaped;

    TensorMismatchException(List<String> missing, List<String> extra, List<String> misshaped) {
        super(message(missing, extra, misshaped));
        this.missing = List.copyOf(missing);
        this.extra = List.copyOf(extra);
        this.misshaped = List.copyOf(misshaped);
    }

    /** Names that the model has and the file has not. */
    public List<String> missing() {
        return missing;
    }

    /** Names that the file has and the model has not. */
    public List<String> extra() {
        return extra;
    }

    /** Names that both have, each with both shapes. */
    public List<String> misshaped() {
        return misshaped;
    }

    private static String message(List<String> missing, List<String> extra, List<String> misshaped) {
        List<String> parts = new ArrayList<>();
        add(parts, "missing", missing);
        add(parts, "extra", extra);
        add(parts, "of another shape", misshaped);
        return "holds other tensors than the model: " + String.join("; ", parts);
    }

    private static void add(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            String all = String.join(", ", names).replaceAll("[^\\x20-\\x7e]", "?"); // names come from a file
            parts.add(names.size() + " " + what + " (" + all + ")");
        }
    }
}
