/** Entry: htmx, and each behaviour attached to the elements that name it in data-behaviour. */
import "htmx.org";
import { listenForOpening } from "./behaviours/ahead";
import { attachAvatar } from "./behaviours/avatar";
import { attachBulkSelect } from "./behaviours/bulk-select";
import { attachCombobox, attachWords } from "./behaviours/combobox";
import { attachCellEditor, listenForCells } from "./behaviours/cell-editor";
import { attachCells } from "./behaviours/cells";
import { attachConfirmWord } from "./behaviours/confirm-word";
import { attachCopy } from "./behaviours/copy";
import { attachDialog, listenForDialogs } from "./behaviours/dialog";
import { attachEditInPlace } from "./behaviours/edit-in-place";
import { attachErrorSummary } from "./behaviours/error-summary";
import { listenForFailures } from "./behaviours/failing";
import { attachColour } from "./behaviours/colour";
import { attachFileDrop } from "./behaviours/file-drop";
import { attachFlags } from "./behaviours/flag";
import { attachKeepDraft } from "./behaviours/keep-draft";
import { keepScroll } from "./behaviours/kept-scroll";
import { listenForSteps } from "./behaviours/kept-selection";
import { listenForLateLists } from "./behaviours/late";
import { attachLiveSearch } from "./behaviours/live-search";
import { attachMenu, listenForMenus } from "./behaviours/menu";
import { followList } from "./behaviours/neighbours";
import { markNewRows } from "./behaviours/new-row";
import { attachPalette } from "./behaviours/palette";
import { attachPasswordRule } from "./behaviours/password-rule";
import { attachProgress } from "./behaviours/progress";
import { rememberRecord } from "./behaviours/recent";
import { attachReorder } from "./behaviours/reorder";
import { listenForScrolling } from "./behaviours/scrolled";
import { listenForShortcuts } from "./behaviours/shortcuts";
import { attachManyNames, attachSmartAdd } from "./behaviours/smart-add";
import { attachSubmitOnce } from "./behaviours/submit-once";
import { attachTheme } from "./behaviours/theme";
import { attachTimeZone } from "./behaviours/time-zone";
import { attachToasts } from "./behaviours/toast";
import { attachToolbar } from "./behaviours/toolbar";

const BEHAVIOURS: Record<string, (element: HTMLElement) => void> = {
  avatar: attachAvatar,
  "bulk-select": attachBulkSelect,
  "cell-editor": attachCellEditor,
  cells: attachCells,
  combobox: attachCombobox,
  "confirm-word": attachConfirmWord,
  copy: attachCopy,
  dialog: attachDialog,
  "edit-in-place": attachEditInPlace,
  "error-summary": attachErrorSummary,
  colour: attachColour,
  "file-drop": attachFileDrop,
  flags: attachFlags,
  "keep-draft": attachKeepDraft,
  "live-search": attachLiveSearch,
  menu: attachMenu,
  palette: attachPalette,
  "password-rule": attachPasswordRule,
  progress: attachProgress,
  reorder: attachReorder,
  "many-names": attachManyNames,
  "smart-add": attachSmartAdd,
  "submit-once": attachSubmitOnce,
  theme: attachTheme,
  "time-zone": attachTimeZone,
  toast: attachToasts,
  toolbar: attachToolbar,
  words: attachWords,
};

const attached = new WeakSet<HTMLElement>();

function attachAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-behaviour]")) {
    if (attached.has(element)) continue;
    attached.add(element);
    for (const name of element.dataset.behaviour?.split(" ") ?? []) BEHAVIOURS[name]?.(element);
  }
}

listenForCells();
listenForDialogs();
listenForFailures();
listenForLateLists();
listenForMenus();
listenForSteps();
followList();
rememberRecord();
keepScroll();
listenForScrolling();
listenForShortcuts();
markNewRows();
attachAll();
document.addEventListener("htmx:afterSettle", attachAll);
listenForOpening();
