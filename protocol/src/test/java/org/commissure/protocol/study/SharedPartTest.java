package org.commissure.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import org.commissure.protocol.study.SharedPart.Fate;
import org.commissure.protocol.study.SharedPart.Span;
import org.commissure.protocol.study.SharedPart.Tensor;
import org.junit.jupiter.api.Test;

class SharedPartTest {
    private static final List<Tensor> MODEL = List.of(
            new Tensor("vit.embeddings.cls_token", 2),
            new Tensor("vit.encoder.layer.0.layernorm_before.weight", 1),
            new Tensor("vit.encoder.layer.0.attention.output.dense.weight", 3),
            new Tensor("vit.layernorm.bias", 1),
            new Tensor("decoder.decoder_norm.bias", 1),
            new Tensor("decoder.decoder_pred1.weight", 2));

    private static Training training(List<String> local, List<String> frozen) {
        return new Training(
                OptionalInt.of(1),
                OptionalInt.empty(),
                Training.Optimiser.SGD,
                0.1,
                Optional.empty(),
                OptionalDouble.empty(),
                0,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(0.5),
                1,
                local.isEmpty() ? Optional.empty() : Optional.of(new LocalTensors(local)),
                frozen.isEmpty() ? Optional.empty() : Optional.of(new FrozenTensors(frozen)),
                Optional.empty(),
                1);
    }

    private static SharedPart of(List<String> local, List<String> frozen) {
        return SharedPart.of(training(local, frozen), MODEL);
    }

    private static List<Integer> positions(SharedPart part) {
        List<Integer> places = new ArrayList<>();
        PrimitiveIterator.OfInt iterator = part.positions();
        while (iterator.hasNext()) {
            places.add(iterator.nextInt());
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::nextInt);
        return places;
    }

    @Test
    void allOfAModelIsSharedUnlessTheStudySaysOtherwise() {
        SharedPart all = of(List.of(), List.of());
        assertThat(all.isWhole()).isTrue();
        assertThat(all.length()).isEqualTo(10);
        assertThat(all.sha256()).isEqualTo(SharedPart.whole(10).sha256()).isEmpty();
        float[] flat = new float[10];
        assertThat(all.gather(Fate.SHARED, flat)).isSameAs(flat);
    }

    @Test
    void groupsAndPatternsNameTensorsOfTheModel() {
        SharedPart part = of(List.of("normalisation"), List.of("head", "*.attention.*"));
        assertThat(part.names(Fate.LOCAL))
                .containsExactly(
                        "vit.encoder.layer.0.layernorm_before.weight",
                        "vit.layernorm.bias",
                        "decoder.decoder_norm.bias");
        assertThat(part.names(Fate.FROZEN))
                .containsExactly("vit.encoder.layer.0.attention.output.dense.weight", "decoder.decoder_pred1.weight");
        assertThat(part.names(Fate.SHARED)).containsExactly("vit.embeddings.cls_token");
        assertThat(part.spans(Fate.LOCAL)).containsExactly(new Span(2, 1), new Span(6, 2));
    }

    @Test
    void whatIsGatheredGoesBackToItsPlaces() {
        SharedPart part = of(List.of("*norm*"), List.of());
        assertThat(positions(part)).containsExactly(0, 1, 3, 4, 5, 8, 9);
        float[] flat = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertThat(part.gather(Fate.SHARED, flat)).containsExactly(0, 1, 3, 4, 5, 8, 9);
        float[] back = new float[10];
        part.scatter(Fate.LOCAL, part.gather(Fate.LOCAL, flat), back);
        assertThat(back).containsExactly(0, 0, 2, 0, 0, 0, 6, 7, 0, 0);
        part.clear(Fate.SHARED, flat);
        assertThat(flat).isEqualTo(back);
    }

    @Test
    void anotherSetOrOrderOfTensorsHasAnotherHash() {
        SharedPart part = of(List.of("*norm*"), List.of());
        assertThat(part.sha256())
                .hasSize(32)
                .isEqualTo(of(List.of("*norm*"), List.of()).sha256());
        assertThat(of(List.of(), List.of("*norm*")).sha256()).isNotEqualTo(part.sha256());
        assertThat(of(List.of("vit.layernorm.*"), List.of()).sha256()).isNotEqualTo(part.sha256());
        assertThat(SharedPart.of(training(List.of("*norm*"), List.of()), MODEL.reversed())
                        .sha256())
                .isNotEqualTo(part.sha256());
    }

    @Test
    void aDotIsADotAndAStarNeedsNothing() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> of(List.of("vit.layernorm.bia."), List.of()))
                .withMessageContaining("training.local.tensors names 'vit.layernorm.bia.'")
                .withMessageContaining("decoder.decoder_norm.bias");
        assertThat(of(List.of("vit.layernorm.bias*"), List.of()).names(Fate.LOCAL))
                .containsExactly("vit.layernorm.bias");
    }

    @Test
    void whatLeavesNothingToShareOrSaysTwoThingsIsRefused() {
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> of(List.of("*"), List.of()))
                .withMessageContaining("leaves no tensor");
        assertThatExceptionOfType(StudyException.class)
                .isThrownBy(() -> of(List.of("head"), List.of("decoder.*")))
                .withMessageContaining("a tensor is frozen or each site's own");
    }
}
