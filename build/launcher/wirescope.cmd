@echo off
rem The command wirescope inside a package: runs the app itself as the command line, without a window.
"%~dp0..\..\Wirescope.exe" --cli -- %*
exit /b %ERRORLEVEL%
