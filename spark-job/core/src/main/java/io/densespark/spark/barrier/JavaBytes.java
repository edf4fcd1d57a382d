package io.densespark.spark.barrier;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Values as bytes, by the serializer that Spark uses for closures, which is Java's. What a task returns goes through
 * {@code spark.serializer} instead: where that is Kryo, it knows bytes, and no records.
 */
final class JavaBytes {
    private JavaBytes() {}

    /** The bytes of a value, which may be null. */
    static byte[] of(Object value) {
        ByteBuffer buffer = serializer().serialize(value, JavaBytes.<Object>anyClass());
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** @param loader that knows the value's class: a thread of Spark's may have another one */
    static <T> T read(byte[] bytes, ClassLoader loader) {
        return serializer().deserialize(ByteBuffer.wrap(bytes), loader, JavaBytes.<T>anyClass());
    }

    private static SerializerInstance serializer() {
        return SparkEnv.get().closureSerializer().newInstance();
    }

    /** A class tag of Object serves every reference type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T> ClassTag<T> anyClass() {
        return (ClassTag<T>) ClassTag$.MODULE$.apply(Object.class);
    }
}
