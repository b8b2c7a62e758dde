// The engine throws where it has no memory for a text, and nothing may be thrown through Rust: the program would be
// aborted. Here it becomes a message.

#include <cstdint>
#include <cstring>
#include <exception>

extern "C" {

void duckdb_unsafe_vector_assign_string_element_len(void *vector, uint64_t row, const char *text, uint64_t len);
void duckdb_vector_ensure_validity_writable(void *vector);

}

namespace {

template <class Call>
bool caught(char *message, uint64_t capacity, Call call) noexcept {
    const char *text = "the engine has thrown what is no exception";
    try {
        call();
        return true;
    } catch (const std::exception &exception) {
        std::strncpy(message, exception.what(), capacity - 1);
    } catch (...) {
        std::strncpy(message, text, capacity - 1);
    }
    message[capacity - 1] = 0;
    return false;
}

} // namespace

extern "C" {

// Each returns whether it went well; if not, `message` of `capacity` bytes holds the engine's words, ended by a zero.

bool mimiciv_store_text(void *vector, uint64_t row, const char *text, uint64_t len, char *message, uint64_t capacity) {
    return caught(message, capacity, [&] { duckdb_unsafe_vector_assign_string_element_len(vector, row, text, len); });
}

bool mimiciv_make_validity_writable(void *vector, char *message, uint64_t capacity) {
    return caught(message, capacity, [&] { duckdb_vector_ensure_validity_writable(vector); });
}

}
