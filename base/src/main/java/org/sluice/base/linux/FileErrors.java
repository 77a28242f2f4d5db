package org.sluice.base.linux;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The C library's words for what Java throws when a file cannot be used. Stateless. */
public final class FileErrors {
  private FileErrors() {}

  /** Such as {@code No such file or directory}. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileAlreadyExistsException _ -> "File exists";
      case NotDirectoryException _ -> "Not a directory";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case CharacterCodingException _ -> "not a text file";
      case FileNotFoundException _ -> inParentheses(e);
      default -> e.getMessage();
    };
  }

  /** That exception keeps the words at the end of its message: {@code NAME (WORDS)}. */
  private static String inParentheses(IOException e) {
    String message = e.getMessage();
    int open = message.lastIndexOf('(');
    return open >= 0 && message.endsWith(")")
        ? message.substring(open + 1, message.length() - 1)
        : message;
  }
}
