package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;

/**
 * Everything that was said in one attempt at one sum: the roster's configuration and the signed
 * answers by step and site index (1 to n). Immutable.
 *
 * @param dropped sites that are out of the attempt, by index, with the reason
 */
public record Transcript(
        SecureSumConfig config, Map<Step, SortedMap<Integer, Signed>> answers, SortedMap<Integer, String> dropped) {

    static Transcript of(SecureSumConfig config) {
        return new Transcript(config, Map.of(), Collections.emptySortedMap());
    }

    /** The answers to one step by index; never null. */
    public SortedMap<Integer, Signed> of(Step step) {
        return answers.getOrDefault(step, Collections.emptySortedMap());
    }

    Transcript with(Step step, int index, Signed answer) {
        SortedMap<Integer, Signed> some = new TreeMap<>(of(step));
        some.put(index, answer);
        Map<Step, SortedMap<Integer, Signed>> all = new EnumMap<>(Step.class);
        all.putAll(answers);
        all.put(step, Collections.unmodifiableSortedMap(some));
        return new Transcript(config, Collections.unmodifiableMap(all), dropped);
    }

    Transcript drop(int index, String reason) {
        SortedMap<Integer, String> more = new TreeMap<>(dropped);
        more.put(index, reason);
        return new Transcript(config, answers, Collections.unmodifiableSortedMap(more));
    }

    SortedSet<Integer> parties() {
        return new TreeSet<>(
                IntStream.rangeClosed(1, config.getPartyCount()).boxed().toList());
    }

    public String name(int index) {
        return config.getParty(index - 1).getSite();
    }

    /** Names in index order. */
    public List<String> names(Collection<Integer> indices) {
        return indices.stream().sorted().map(this::name).toList();
    }

    /** The index of {@code site}, or empty where it is no party. */
    public OptionalInt index(String site) {
        List<Party> parties = config.getPartyList();
        return IntStream.rangeClosed(1, parties.size())
                .filter(i -> parties.get(i - 1).getSite().equals(site))
                .findFirst();
    }

    /** SHA-256 of the configuration's payload. */
    public ByteString configHash() {
        return SignedMessages.sha256(SignedMessages.canonical(config));
    }

    /** SHA-256(config_hash || all R1 payloads in index order); meaningful once the roster is fixed. */
    public ByteString rosterHash() {
        ByteString all = configHash();
        for (Signed advertise : of(Step.ADVERTISE_KEYS).values()) {
            all = all.concat(advertise.getPayload());
        }
        return SignedMessages.sha256(all);
    }
}
