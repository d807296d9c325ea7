; Offers Wirescope under "Open with" for its files, and takes no file type away from the program that has it.

!macro offerOpenWith EXTENSION
  WriteRegNone HKCU "Software\Classes\.${EXTENSION}\OpenWithProgids" "Wirescope.File"
!macroend

!macro withdrawOpenWith EXTENSION
  DeleteRegValue HKCU "Software\Classes\.${EXTENSION}\OpenWithProgids" "Wirescope.File"
!macroend

!macro customInstall
  WriteRegStr HKCU "Software\Classes\Wirescope.File" "" "Wirescope file"
  WriteRegStr HKCU "Software\Classes\Wirescope.File\DefaultIcon" "" "$INSTDIR\Wirescope.exe,0"
  WriteRegStr HKCU "Software\Classes\Wirescope.File\shell\open\command" "" '"$INSTDIR\Wirescope.exe" "%1"'
  !insertmacro offerOpenWith "pcapng"
  !insertmacro offerOpenWith "pcap"
  !insertmacro offerOpenWith "proto"
  !insertmacro offerOpenWith "yaml"
!macroend

!macro customUnInstall
  !insertmacro withdrawOpenWith "pcapng"
  !insertmacro withdrawOpenWith "pcap"
  !insertmacro withdrawOpenWith "proto"
  !insertmacro withdrawOpenWith "yaml"
  DeleteRegKey HKCU "Software\Classes\Wirescope.File"
!macroend
