package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.Test;

class ImageDecoderThreadsTest {
    private final ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));

    @Test
    void oneDecoderServesSeveralThreads() throws Exception {
        List<String> names = Fixtures.names();
        List<byte[]> alone = decodeAll(names);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<byte[]>>> together = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                together.add(threads.submit(() -> decodeAll(names)));
            }
            for (Future<List<byte[]>> pixels : together) {
                assertThat(pixels.get()).containsExactlyElementsOf(alone);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theLibraryWorksInItsCallersThread() throws UndecodableImageException {
        decoder.decode(Fixtures.bytes("color.jpg"));
        assertThat(opencv_core.getNumThreads()).isEqualTo(1);
    }

    private List<byte[]> decodeAll(List<String> names) throws UndecodableImageException {
        List<byte[]> pixels = new ArrayList<>();
        for (String name : names) {
            pixels.add(decoder.decode(Fixtures.bytes(name)).pixels());
        }
        return pixels;
    }
}
