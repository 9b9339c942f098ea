package org.commissure.privacy.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;

/** Encrypts what is written. Closing ends the archive; it does not close the stream below. Not thread-safe. */
final class SealedOutput extends OutputStream {
    private final OutputStream out;
    private final SealKey key;
    private final byte[] chunk = new byte[SealKey.CHUNK_BYTES];
    private int filled;
    private boolean closed;

    SealedOutput(OutputStream out, char[] passphrase) throws IOException {
        byte[] salt = new byte[SealKey.SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        this.out = out;
        this.key = new SealKey(passphrase, salt);
        out.write(SealKey.MAGIC);
        out.write(salt);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == chunk.length) {
                flushChunk(false);
            }
            int some = Math.min(left, chunk.length - filled);
            System.arraycopy(bytes, from, chunk, filled, some);
            filled += some;
            from += some;
            left -= some;
        }
    }

    private void flushChunk(boolean last) throws IOException {
        try {
            out.write(key.next(Cipher.ENCRYPT_MODE, chunk, filled, last));
            filled = 0;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java virtual machine lacks AES-GCM", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            flushChunk(true);
            Arrays.fill(chunk, (byte) 0);
        }
    }
}
