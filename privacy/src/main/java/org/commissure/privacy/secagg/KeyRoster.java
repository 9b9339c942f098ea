package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.InvalidKeyException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.Signed;

/**
 * R1: U1, the parties that told a key in time. Immutable.
 *
 * @param publicKeys by index
 * @param hash SHA-256 of the configuration's hash and all R1 payloads in index order
 */
record KeyRoster(SumParties parties, SortedMap<Integer, SumKey.PublicKeys> publicKeys, ByteString hash) {

    /** One signed R1 by itself. */
    static AdvertiseKeys open(SumParties parties, Signed signed) throws SecAggException {
        AdvertiseKeys keys = parties.open(Steps.ADVERTISE, signed, AdvertiseKeys.parser(), AdvertiseKeys::getIndex);
        String peer = parties.name(keys.getIndex());
        if (!keys.getConfigHash().equals(parties.configHash())) {
            throw new SecAggException(
                    Steps.ADVERTISE, peer, "its key is for another configuration: another round, attempt or model");
        }
        try {
            publicKeys(keys).check();
        } catch (InvalidKeyException e) {
            throw new SecAggException(Steps.ADVERTISE, peer, String.valueOf(e.getMessage()));
        }
        return keys;
    }

    /** @param advertised in ascending index order */
    static KeyRoster verify(SumParties parties, List<Signed> advertised) throws SecAggException {
        SortedMap<Integer, SumKey.PublicKeys> keys = new TreeMap<>();
        Set<ByteString> distinct = new HashSet<>();
        ByteString all = parties.configHash();
        for (Signed signed : advertised) {
            AdvertiseKeys key = open(parties, signed);
            if (!keys.isEmpty() && key.getIndex() <= keys.lastKey()) {
                throw refused("its keys are not distinct and in the order of the parties");
            }
            if (!distinct.add(key.getX25519PublicKey()) || !distinct.add(key.getMlkem768EncapsulationKey())) {
                throw new SecAggException(
                        Steps.ROSTER, parties.name(key.getIndex()), "its key is the same as another party's");
            }
            keys.put(key.getIndex(), publicKeys(key));
            all = all.concat(signed.getPayload());
        }
        if (keys.size() < parties.fewestSites()) {
            throw refused("it has " + keys.size() + " sites, but a sum needs " + parties.fewestSites());
        }
        return new KeyRoster(parties, keys, SignedMessages.sha256(all));
    }

    /** From a state that was verified before it was saved. */
    static KeyRoster alreadyVerified(SumParties parties, List<Signed> advertised)
            throws InvalidProtocolBufferException {
        SortedMap<Integer, SumKey.PublicKeys> keys = new TreeMap<>();
        ByteString all = parties.configHash();
        for (Signed signed : advertised) {
            AdvertiseKeys key = AdvertiseKeys.parseFrom(signed.getPayload());
            keys.put(key.getIndex(), publicKeys(key));
            all = all.concat(signed.getPayload());
        }
        return new KeyRoster(parties, keys, SignedMessages.sha256(all));
    }

    /** U1. */
    SortedSet<Integer> members() {
        return new TreeSet<>(publicKeys.keySet());
    }

    SumKey.PublicKeys publicKeys(int index) {
        SumKey.PublicKeys key = publicKeys.get(index);
        if (key == null) {
            throw new IllegalArgumentException("party " + index + " is not in the roster");
        }
        return key;
    }

    void requireMember(String step, int index) throws SecAggException {
        if (!publicKeys.containsKey(index)) {
            throw new SecAggException(step, parties.name(index), "it is not in the roster");
        }
    }

    void requireHash(String step, int index, ByteString claimed) throws SecAggException {
        if (!claimed.equals(hash)) {
            throw new SecAggException(
                    step, parties.name(index), "it was shown a different roster, or answers another attempt");
        }
    }

    private static SumKey.PublicKeys publicKeys(AdvertiseKeys message) {
        return new SumKey.PublicKeys(message.getX25519PublicKey(), message.getMlkem768EncapsulationKey());
    }

    private static SecAggException refused(String symptom) {
        return new SecAggException(Steps.ROSTER, Steps.COORDINATOR, symptom);
    }
}
