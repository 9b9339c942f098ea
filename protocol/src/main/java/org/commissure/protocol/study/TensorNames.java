package org.commissure.protocol.study;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a study names tensors: by a group's name, or by patterns in which a star stands for any text. */
final class TensorNames {
    private static final Map<String, List<String>> GROUPS = Map.of(
            "normalisation", List.of("*layernorm*", "*LayerNorm*", "*decoder_norm*"),
            "head", List.of("decoder.decoder_pred*", "output.*"));
    private static final int MOST = 1_000;

    private TensorNames() {}

    static List<String> checked(String key, @Nullable List<String> names) {
        Checks.present(key, names);
        List<String> some = names == null ? List.of() : List.copyOf(names);
        Checks.range(key, some.size(), 1, MOST);
        some.forEach(name -> Checks.text(key, name));
        return some;
    }

    static boolean anyMatches(List<String> wanted, String tensor) {
        return wanted.stream().anyMatch(name -> matches(name, tensor));
    }

    private static boolean matches(String wanted, String tensor) {
        return GROUPS.getOrDefault(wanted, List.of(wanted)).stream()
                .anyMatch(pattern -> Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.collectingAndThen(
                                Collectors.joining(".*"), expression -> tensor.matches(expression))));
    }

    /** @throws StudyException for a name that no tensor of the model bears */
    static void requireAllUsed(String key, List<String> wanted, List<SharedPart.Tensor> tensors) {
        for (String name : wanted) {
            if (tensors.stream().noneMatch(tensor -> matches(name, tensor.name()))) {
                throw new StudyException(
                        key,
                        "names '" + name + "', but this model has no such tensor; it has "
                                + tensors.stream().map(SharedPart.Tensor::name).collect(Collectors.joining(", ")));
            }
        }
    }
}
