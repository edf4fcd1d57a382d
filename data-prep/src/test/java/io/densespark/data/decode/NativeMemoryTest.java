package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Native memory is freed by whoever allocated it, never by the garbage collector. */
class NativeMemoryTest {
    private final ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));

    /** What other tests dropped goes first, so that only this one's pointers are counted. */
    @BeforeEach
    void collectGarbage() throws InterruptedException {
        OpenCv.load();
        long before;
        do {
            before = Pointer.totalCount();
            System.gc();
            Thread.sleep(50);
            Pointer.deallocateReferences();
        } while (Pointer.totalCount() != before);
    }

    @Test
    void decodingLeavesNoPointersBehind() throws UndecodableImageException {
        byte[] file = Fixtures.bytes("alpha-16.png");
        long pointers = OpenCv.livePointers();
        long bytes = OpenCv.liveBytes();
        for (int i = 0; i < 200; i++) {
            decoder.decode(file);
            assertThat(OpenCv.livePointers()).isEqualTo(pointers);
        }
        assertThat(OpenCv.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void aFileThatIsRefusedLeavesNoPointersBehind() {
        byte[] file = Fixtures.bytes("lossy.webp");
        Arrays.fill(file, file.length / 2, file.length, (byte) 0x55);
        Arrays.fill(file, 30, 40, (byte) 0x55);
        long pointers = OpenCv.livePointers();
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            try {
                decoder.decode(file);
            } catch (UndecodableImageException e) {
                refused++;
            }
            assertThat(OpenCv.livePointers()).isEqualTo(pointers);
        }
        assertThat(refused).isEqualTo(20);
    }
}
