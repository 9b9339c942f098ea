package org.commissure.models.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle and the arguments of its opcodes; every length is checked before it is believed. */
final class PickleInput {
    /** Longer than any tensor's name. */
    private static final int LONGEST_TEXT = 65_536;

    private final ByteBuffer bytes;

    PickleInput(byte[] pickle) {
        bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    int unsignedByte() throws RefusedPickleException {
        need(1);
        return bytes.get() & 0xff;
    }

    int unsignedShort() throws RefusedPickleException {
        need(Short.BYTES);
        return bytes.getShort() & 0xffff;
    }

    int signedInt() throws RefusedPickleException {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long unsignedInt() throws RefusedPickleException {
        return signedInt() & 0xffff_ffffL;
    }

    /** Python writes floats big-endian. */
    double bigEndianDouble() throws RefusedPickleException {
        need(Double.BYTES);
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    /** Two's complement, little-endian, of at most 64 bits. */
    long shortLong(int length) throws RefusedPickleException {
        if (length > Long.BYTES) {
            throw new RefusedPickleException("opcode LONG1 with an integer of " + length + " bytes at byte "
                    + bytes.position() + "; at most 8 are read");
        }
        need(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes.get() & 0xffL) << (8 * i);
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    void frame() throws RefusedPickleException {
        need(Long.BYTES);
        long length = bytes.getLong();
        if (length < 0 || length > bytes.remaining()) {
            throw tooLong("opcode FRAME", length);
        }
    }

    String text(Opcode opcode, long length) throws RefusedPickleException {
        if (length > bytes.remaining()) {
            throw tooLong("opcode " + opcode, length);
        }
        if (length > LONGEST_TEXT) {
            throw new RefusedPickleException("opcode " + opcode + " with a string of " + length + " bytes; at most "
                    + LONGEST_TEXT + " are read");
        }
        ByteBuffer part = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw new RefusedPickleException("opcode " + opcode + " with a string that is not UTF-8");
        }
    }

    /** Up to the newline, which is consumed. */
    String line(Opcode opcode) throws RefusedPickleException {
        int start = bytes.position();
        int end = start;
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        if (end == bytes.limit()) {
            throw new RefusedPickleException("opcode " + opcode + " without a newline at its end: truncated");
        }
        String line = text(opcode, end - start);
        bytes.get(); // the newline
        return line;
    }

    private void need(int count) throws RefusedPickleException {
        if (bytes.remaining() < count) {
            throw new RefusedPickleException(
                    "the pickle ends inside an opcode at byte " + bytes.position() + ": truncated");
        }
    }

    private RefusedPickleException tooLong(String what, long length) {
        return new RefusedPickleException(what + " says it has " + Long.toUnsignedString(length) + " bytes at byte "
                + bytes.position() + ", but only " + bytes.remaining() + " are left");
    }
}
