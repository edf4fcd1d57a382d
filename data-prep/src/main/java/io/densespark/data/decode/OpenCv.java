package io.densespark.data.decode;

import io.densespark.data.DataException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** The library: decodes whole files into Java arrays. All native memory is freed before a call returns. */
final class OpenCv {
    private static boolean loaded;

    private OpenCv() {}

    /** Decodes a file to the channels and the depth that it has; for several threads at once. */
    static RawImage decode(byte[] encoded, ImageHeader header) throws UndecodableImageException {
        return decode(encoded, header, opencv_imgcodecs.IMREAD_UNCHANGED);
    }

    /** Decodes a file with colors of 8 bits; the library puts them in our order, which is faster than we can. */
    static RawImage decodeRgb(byte[] encoded, ImageHeader header) throws UndecodableImageException {
        return decode(encoded, header, opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION);
    }

    private static RawImage decode(byte[] encoded, ImageHeader header, int flags) throws UndecodableImageException {
        load();
        try (PointerScope scope = new PointerScope()) {
            Mat file = new Mat(1, encoded.length, opencv_core.CV_8UC1, new BytePointer(encoded));
            Mat image = imdecode(file, flags, header.format());
            if (image.empty()) {
                throw UndecodableImageException.damaged(header.format(), "its image can't be decoded");
            }
            if (image.rows() != header.height() || image.cols() != header.width()) {
                throw UndecodableImageException.damaged(
                        header.format(), "its image has another size than its header says");
            }
            RawImage raw = copy(image, header.format());
            if (flags == opencv_imgcodecs.IMREAD_UNCHANGED) {
                swapRedAndBlue(raw);
            }
            return raw;
        }
    }

    private static Mat imdecode(Mat file, int flags, ImageFormat format) throws UndecodableImageException {
        try {
            return opencv_imgcodecs.imdecode(file, flags);
        } catch (RuntimeException e) {
            // A C++ exception; its first line names the check in the library that failed.
            throw UndecodableImageException.damaged(
                    format, String.valueOf(e.getMessage()).lines().findFirst().orElse("its image can't be decoded"));
        }
    }

    private static RawImage copy(Mat image, ImageFormat format) throws UndecodableImageException {
        int depth = image.depth();
        int channels = image.channels();
        boolean unsigned = depth == opencv_core.CV_8U || depth == opencv_core.CV_16U;
        if (!unsigned || channels == 2 || channels > 4) {
            throw UndecodableImageException.unsupported(format, "neither 8 nor 16 bits a value, or too many channels");
        }
        byte[] values = new byte[Math.toIntExact(image.total() * image.elemSize())];
        image.data().get(values);
        boolean wide = depth == opencv_core.CV_16U;
        return new RawImage(image.rows(), image.cols(), channels, wide, RawImage.UPRIGHT, values);
    }

    /** From the library's order, blue first, in place. */
    private static void swapRedAndBlue(RawImage raw) {
        if (raw.channels() == 1) {
            return;
        }
        byte[] values = raw.values();
        int bytes = raw.wide() ? 2 : 1;
        int pixel = raw.channels() * bytes;
        for (int i = 0; i < values.length; i += pixel) {
            for (int b = i; b < i + bytes; b++) {
                byte blue = values[b];
                values[b] = values[b + 2 * bytes];
                values[b + 2 * bytes] = blue;
            }
        }
    }

    /** Number of JavaCPP's live pointers; for leak checks. */
    static long livePointers() {
        load();
        return Pointer.totalCount();
    }

    /** Bytes of native memory that JavaCPP's live pointers hold; for leak checks. */
    static long liveBytes() {
        load();
        return Pointer.totalBytes();
    }

    static synchronized void load() {
        if (loaded) {
            return;
        }
        // As for libtorch, which may be loaded after us: JavaCPP reads both once a process, and its own limit, derived
        // from
        // the heap, would count the whole process.
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        try (LoadLock alone = LoadLock.take(Loader::getCacheDir)) {
            // Each caller brings its own threads: the library is to work in them, and to start none.
            opencv_core.setNumThreads(0);
            Loader.load(opencv_imgcodecs.class);
        } catch (LinkageError e) {
            throw new DataException(
                    "OpenCV doesn't load on this machine (" + e.getMessage()
                            + "): it needs x86-64 Linux with glibc 2.35 or newer; run in a container of Debian 12 or "
                            + "Ubuntu 22.04 if the machine is older",
                    e);
        }
        loaded = true;
    }
}
